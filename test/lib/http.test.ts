import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type HttpRequest, send } from "../../lib/http";

type Canned = { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string };

let server: Server;
let url: URL;
let answers: ReadonlyArray<Canned | "hang up">;
let seen: Array<{ readonly headers: IncomingHttpHeaders; readonly body: string }>;

/** At once: what is tested is how often, not how long. */
const NOW = { "retry-after": "0" };
const BUSY = { status: 503, headers: NOW, text: "busy" };

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = answers[Math.min(seen.length, answers.length - 1)];
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      if (answer === undefined || answer === "hang up") return request.socket.destroy();
      return response.writeHead(answer.status, answer.headers).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = (): HttpRequest => ({ method: "POST", url, headers: { "x-a": "1" }, body: "hello" });

describe("send", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("repeats after %i, with the whole request", async (status) => {
    answers = [
      { status, headers: NOW },
      { status: 201, text: "stored" },
    ];
    expect(await send(post(), { attempts: 2 })()).toStrictEqual({
      _tag: "Right",
      right: { status: 201, text: "stored" },
    });
    expect(seen.map(({ body, headers }) => [body, headers["x-a"]])).toStrictEqual([
      ["hello", "1"],
      ["hello", "1"],
    ]);
  });

  it("repeats after a connection that broke", async () => {
    answers = ["hang up", { status: 200, text: "" }];
    expect(await send(post(), { attempts: 2 })()).toHaveProperty("right.status", 200);
  });

  it.each([200, 201, 400, 401, 403, 404, 409, 413, 422, 501])("takes %i as the answer", async (status) => {
    answers = [{ status, headers: NOW, text: "so it is" }];
    expect(await send(post(), { attempts: 3 })()).toHaveProperty("right", { status, text: "so it is" });
    expect(seen).toHaveLength(1);
  });

  it("returns the last attempt's answer", async () => {
    answers = [BUSY];
    expect(await send(post(), { attempts: 3 })()).toHaveProperty("right", { status: 503, text: "busy" });
    expect(seen).toHaveLength(3);
  });

  it("sends once where it is told to", async () => {
    answers = [BUSY];
    await send(post(), { attempts: 1 })();
    expect(seen).toHaveLength(1);
  });

  it("authorizes each attempt again", async () => {
    answers = [BUSY, { status: 200 }];
    let count = 0;
    const authorize = () => Promise.resolve({ authorization: `attempt ${++count}` });
    await send(post(), { attempts: 2, authorize })();
    expect(seen.map(({ headers }) => headers.authorization)).toStrictEqual(["attempt 1", "attempt 2"]);
  });

  it("follows no redirect: a token goes to nobody else", async () => {
    answers = [{ status: 307, headers: { location: "/elsewhere" } }];
    expect(await send(post(), { attempts: 1 })()).toHaveProperty("left", expect.stringMatching(/redirect/));
    expect(seen).toHaveLength(1);
  });

  it("says why nobody answers", async () => {
    server.close();
    server.closeAllConnections();
    expect(await send(post(), { attempts: 1 })()).toHaveProperty(
      "left",
      expect.stringMatching(/ECONNREFUSED/),
    );
  });
});
