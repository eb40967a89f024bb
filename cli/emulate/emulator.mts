import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, callOf, parse } from "./call.mts";
import { Gaps } from "./gaps.mts";

/** An AWS API to apply to: moto, behind a proxy for what moto lacks (see gaps.mts). */

type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
};

/** Who stands before the emulator. */
export type Guard = {
  /** The answer to a call that must not reach it. */
  readonly refusal: (incoming: IncomingMessage, body: Buffer) => Answer | undefined;
  /** Told of each call that did what it asked, and of the answer's body. */
  readonly answered: (incoming: IncomingMessage, body: Buffer, answer: Buffer) => void;
};

const NOBODY: Guard = { refusal: () => undefined, answered: () => undefined };

const forward = ({ method, url, headers }: IncomingMessage, body: Buffer, port: number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      buffer(answer).then(
        (content) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: content }),
        reject,
      );
    })
      .on("error", reject)
      .end(body);
  });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** How much of what moto said last is told when it ends. */
const SAID = 2_000;

export const INSTALL_MOTO = "pip install 'moto[server]==5.2.1'";

/** It leads a group of its own, since `moto_server` may be a script that starts another; and never outlives us. */
const startMoto = (port: number, env: NodeJS.ProcessEnv) => {
  const moto = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], {
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  moto.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-SAID);
  });
  const signal = (name: NodeJS.Signals): void => {
    if (moto.pid === undefined || moto.exitCode !== null) return;
    try {
      process.kill(-moto.pid, name);
    } catch {
      // It ended in the meantime.
    }
  };
  const atExit = (): void => signal("SIGKILL");
  process.on("exit", atExit);
  const ended = new Promise<string>((resolve) => {
    moto.once("error", ({ message }) => resolve(message));
    moto.once("close", (code) => resolve(said.trim() || `it ended with ${String(code)}`));
  });
  return {
    ended,
    stop: async (): Promise<void> => {
      signal("SIGTERM");
      const late = setTimeout(atExit, 3_000);
      await ended;
      clearTimeout(late);
      process.off("exit", atExit);
    },
  };
};

const untilAnswering = async (url: string, ended: Promise<string>): Promise<void> => {
  for (let tries = 0; tries < 120; tries += 1) {
    const seen = await Promise.race([
      fetch(url).then(
        () => true,
        () => sleep(250),
      ),
      ended,
    ]);
    if (typeof seen === "string")
      throw new Error(`moto_server, the AWS emulator, does not run: ${seen}\nInstall it: ${INSTALL_MOTO}`);
    if (seen === true) return;
  }
  throw new Error("moto_server, the AWS emulator, did not answer within 30 s");
};

/** Operations and paths of what `Gaps.complete` completes. */
const COMPLETED_OPERATIONS = ["GetQueueAttributes", "DescribeBudget"];
const COMPLETED = /^\/2015-03-31\/functions|^\/v2\/apis\/[^/]+\/stages\//;

/** Moto does not say of its Lambda answers that they are JSON; what is not is an empty object. */
const completed = (gaps: Gaps, call: Call, { status, body }: Answer): Buffer => {
  const touched = COMPLETED_OPERATIONS.includes(call.operation) || COMPLETED.test(call.path);
  return touched && status < 300 && body.length > 0
    ? Buffer.from(JSON.stringify(gaps.complete(call, parse(body))))
    : body;
};

export type Emulator = {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
};

/** @throws why it does not run, and how to install it */
export const startEmulator = async (env: NodeJS.ProcessEnv, guard: Guard = NOBODY): Promise<Emulator> => {
  const port = await freePort();
  const moto = startMoto(port, env);
  try {
    await untilAnswering(`http://127.0.0.1:${port}/moto-api/`, moto.ended);
  } catch (error) {
    await moto.stop();
    throw error;
  }
  const gaps = new Gaps();

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const refused = guard.refusal(incoming, body);
    if (refused !== undefined) {
      response.writeHead(refused.status, refused.headers).end(refused.body);
      return;
    }
    const call = callOf(incoming, body);
    const refusal = gaps.refusal(call);
    if (refusal !== undefined) {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(refusal));
      return;
    }
    const own = gaps.answer(call);
    if (own !== undefined) {
      const content = Buffer.from(JSON.stringify(own));
      guard.answered(incoming, body, content);
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(content);
      return;
    }
    const answer = await forward(incoming, body, port);
    const content = completed(gaps, call, answer);
    if (answer.status < 300) guard.answered(incoming, body, content);
    const headers = Object.fromEntries(
      Object.entries(answer.headers).filter(
        ([name]) => !["content-length", "transfer-encoding"].includes(name),
      ),
    );
    response.writeHead(answer.status, { ...headers, "content-length": content.length }).end(content);
  };

  const proxy = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop: async () => {
      proxy.closeAllConnections();
      proxy.close();
      await moto.stop();
    },
  };
};
