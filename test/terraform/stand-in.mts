import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import validate from "asl-validator";
import { start, stop } from "./processes.mts";

/**
 * An AWS API to apply to: moto, behind a proxy for what moto lacks. The provider retries a call that is not
 * implemented for minutes, so each gap is filled with what AWS would do:
 * - Step Functions `ValidateStateMachineDefinition`, by a real validator of the States Language;
 * - Step Functions `ListStateMachineVersions`: none are published;
 * - SQS `RedriveAllowPolicy`: kept here, for moto forgets it and the provider waits to read it back.
 */

const json = (response: ServerResponse, body: unknown): void => {
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
};

type Body = { definition?: string; QueueUrl?: string; Attributes?: Record<string, string> };

const parse = (body: Buffer): Body => {
  try {
    return JSON.parse(body.toString()) as Body;
  } catch {
    return {};
  }
};

const validateDefinition = ({ definition = "{}" }: Body): unknown => {
  const { isValid, errorsText } = validate(JSON.parse(definition), { checkPaths: true, checkArn: true });
  return isValid
    ? { result: "OK", diagnostics: [], truncated: false }
    : {
        result: "FAIL",
        diagnostics: [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: errorsText("; ") }],
        truncated: false,
      };
};

const forward = (
  incoming: IncomingMessage,
  body: Buffer,
  port: number,
): Promise<{ status: number; headers: IncomingMessage["headers"]; body: Buffer }> =>
  new Promise((resolve, reject) => {
    request(
      { host: "127.0.0.1", port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        buffer(answer).then(
          (content) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: content }),
          reject,
        );
      },
    )
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
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(250);
  }
  throw new Error("the AWS stand-in did not start within 30 s");
};

export type StandIn = { readonly endpoint: string; readonly stop: () => Promise<void> };

export const startStandIn = async (env: NodeJS.ProcessEnv): Promise<StandIn> => {
  const port = await freePort();
  const moto = start("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { cwd: process.cwd(), env });
  moto.stdout?.resume();
  moto.stderr?.resume();
  const redriveAllow = new Map<string, string>();

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const operation = String(incoming.headers["x-amz-target"] ?? "")
      .split(".")
      .at(-1);
    if (operation === "ValidateStateMachineDefinition")
      { json(response, validateDefinition(parse(body))); return; }
    if (operation === "ListStateMachineVersions") { json(response, { stateMachineVersions: [] }); return; }
    const { QueueUrl = "", Attributes } = parse(body);
    const allowed = Attributes?.["RedriveAllowPolicy"];
    if (operation === "SetQueueAttributes" && allowed !== undefined) redriveAllow.set(QueueUrl, allowed);
    if (operation === "DeleteQueue") redriveAllow.delete(QueueUrl);
    const answer = await forward(incoming, body, port);
    const kept = redriveAllow.get(QueueUrl);
    if (operation === "GetQueueAttributes" && answer.status === 200 && kept !== undefined && kept !== "")
      { json(response, { Attributes: { ...parse(answer.body).Attributes, RedriveAllowPolicy: kept } }); return; }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  const proxy = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  await untilAnswering(`http://127.0.0.1:${port}/moto-api/`);
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop: async () => {
      proxy.closeAllConnections();
      proxy.close();
      await stop(moto);
    },
  };
};
