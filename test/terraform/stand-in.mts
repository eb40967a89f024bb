import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { actionsOf } from "./actions.mts";
import { type Call, callOf, Gaps, parse } from "./gaps.mts";
import { start, stop } from "./processes.mts";

/** An AWS API to apply to: moto, behind a proxy for what moto lacks (see gaps.mts). */

type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
};

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

const untilAnswering = async (url: string): Promise<void> => {
  for (let tries = 0; tries < 120; tries += 1) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await sleep(250);
  }
  throw new Error("the AWS emulator did not start within 30 s");
};

/** Paths of what `Gaps.complete` completes. */
const COMPLETED = /^\/2015-03-31\/functions|^\/v2\/apis\/[^/]+\/stages\//;

/** Moto does not say of its Lambda answers that they are JSON; what is not is an empty object. */
const completed = (gaps: Gaps, call: Call, { status, body }: Answer): Buffer => {
  const touched = call.operation === "GetQueueAttributes" || COMPLETED.test(call.path);
  return touched && status < 300 && body.length > 0
    ? Buffer.from(JSON.stringify(gaps.complete(call, parse(body))))
    : body;
};

export type StandIn = {
  readonly endpoint: string;
  /** The IAM actions that calls needed since this was last asked, by the access key they were signed with. */
  readonly actionsSince: (accessKey: string) => ReadonlyArray<string>;
  readonly stop: () => Promise<void>;
};

const accessKeyOf = ({ headers }: IncomingMessage): string =>
  /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";

export const startStandIn = async (env: NodeJS.ProcessEnv): Promise<StandIn> => {
  const port = await freePort();
  const moto = start("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { cwd: process.cwd(), env });
  moto.stdout?.resume();
  moto.stderr?.resume();
  const gaps = new Gaps();
  const needed = new Map<string, Set<string>>();
  const note = (incoming: IncomingMessage, body: Buffer): void => {
    const key = accessKeyOf(incoming);
    const actions = needed.get(key) ?? new Set();
    needed.set(key, actions);
    for (const action of actionsOf(incoming, body)) actions.add(action);
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    note(incoming, body);
    const call = callOf(incoming, body);
    const refusal = gaps.refusal(call);
    if (refusal !== undefined) {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(refusal));
      return;
    }
    const own = gaps.answer(call);
    if (own !== undefined) {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(own));
      return;
    }
    const answer = await forward(incoming, body, port);
    const content = completed(gaps, call, answer);
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
  await untilAnswering(`http://127.0.0.1:${port}/moto-api/`);
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    actionsSince: (accessKey) => {
      const actions = [...(needed.get(accessKey) ?? [])].sort();
      needed.delete(accessKey);
      return actions;
    },
    stop: async () => {
      proxy.closeAllConnections();
      proxy.close();
      await stop(moto);
    },
  };
};
