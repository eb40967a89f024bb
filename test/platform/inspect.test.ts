import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as t from "io-ts";
import { newFolder } from "./support/fixture";
import { endAll, runToEnd, startProcess } from "./support/platform-process";
import { until } from "./support/until";

afterAll(endAll);

const Message = t.intersection([
  t.type({ method: t.string, params: t.UnknownRecord }),
  t.partial({ sessionId: t.string }),
]);

/** As an editor speaks to the platform, and through it to the threads of its functions. */
const attach = async (url: string) => {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const threads = new Map<string, unknown[]>();
  let ids = 0;
  const send = (method: string, params: object): void =>
    socket.send(JSON.stringify({ id: (ids += 1), method, params }));
  const tellThread = (sessionId: string, method: string): void =>
    send("NodeWorker.sendMessageToWorker", {
      sessionId,
      message: JSON.stringify({ id: (ids += 1), method }),
    });
  socket.addEventListener("message", ({ data }) => {
    const message: unknown = JSON.parse(String(data));
    if (!Message.is(message)) return;
    const sessionId = String(message.params["sessionId"]);
    if (message.method === "NodeWorker.attachedToWorker") {
      threads.set(sessionId, []);
      tellThread(sessionId, "Debugger.enable");
    }
    if (message.method === "NodeWorker.receivedMessageFromWorker")
      threads.get(sessionId)?.push(JSON.parse(String(message.params["message"])));
  });
  send("NodeWorker.enable", { waitForDebuggerOnStart: false });
  const all = (): ReadonlyArray<{ readonly sessionId: string; readonly message: t.TypeOf<typeof Message> }> =>
    [...threads].flatMap(([sessionId, messages]) =>
      messages.filter(Message.is).map((message) => ({ sessionId, message })),
    );
  return { all, tellThread, close: () => socket.close() };
};

it("lets a debugger stop a function in its TypeScript, for as long as it likes", async () => {
  const platform = await startProcess(["--data", newFolder(), "--inspect", "0"]);
  const [url = ""] = /ws:\/\/\S+/.exec(platform.output()) ?? [];
  const { all, tellThread, close } = await attach(url);

  expect((await fetch(`${platform.apiUrl}/orders/1`)).status).toBe(404);
  const scripts = () =>
    all().filter(
      ({ message: { method, params } }) =>
        method === "Debugger.scriptParsed" &&
        /query-orders\/index\.js\.map$/.test(String(params["sourceMapURL"])),
    );
  const [script] = await until(scripts, ({ length }) => length > 0);
  if (script === undefined) throw new Error("no script has a source map");
  const map = fileURLToPath(String(script.message.params["sourceMapURL"]));
  const { sources } = JSON.parse(readFileSync(map, "utf8")) as { sources: ReadonlyArray<string> };
  expect(sources.map((source) => relative("", resolve(dirname(map), source)))).toContain(
    "functions/query-orders/handler.ts",
  );

  tellThread(script.sessionId, "Debugger.pause");
  const answer = fetch(`${platform.apiUrl}/orders/1`);
  const paused = () => all().find(({ message: { method } }) => method === "Debugger.paused");
  await until(paused, (found) => found !== undefined);
  tellThread(script.sessionId, "Debugger.resume");
  expect((await answer).status).toBe(404);
  close();
  expect(await platform.end("SIGTERM")).toMatchObject({ code: 0 });
});

it("says that the debugger's port is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";
  const { code, stderr } = await runToEnd(["--data", newFolder(), "--inspect", port, "--port", "0"]);
  other.close();
  expect(code).toBe(1);
  expect(stderr.split("\n")).toContain(`--inspect: port ${port} is taken; choose another, or 0 for any`);
});
