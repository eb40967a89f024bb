import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Expectations, SignedRequest } from "../../../../local/engine/iam/sigv4/verify";

/** Requests as real clients put them on the wire. */

export type Captured = SignedRequest & { readonly payload: Uint8Array };

export const KEY = { accessKeyId: "ASIALOCAL", secretAccessKey: "secret/of+role", sessionToken: "token==" };
export const REGION = "eu-west-1";

export const expecting = (overrides: Partial<Expectations> = {}): Expectations => ({
  credentialsOf: (accessKeyId) => (accessKeyId === KEY.accessKeyId ? KEY : undefined),
  now: new Date(),
  region: REGION,
  services: ["dynamodb", "sqs", "sns", "s3", "ssm", "states", "execute-api"],
  ...overrides,
});

let server: Server;
let captured: Captured[] = [];

/** Starts the listener; the configuration for any SDK client that should speak to it. */
export const listen = async () => {
  server = createServer((request, response) => {
    void buffer(request).then((payload) => {
      const { method = "", url: target = "", headers } = request;
      captured.push({ method, target, headers, payload });
      response.writeHead(200, { connection: "close" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    credentials: KEY,
    maxAttempts: 1,
    forcePathStyle: true,
  };
};

export const close = () => new Promise<void>((resolve) => server.close(() => resolve()));

/** What a call sends; that the client makes nothing of the empty answer is no matter. */
export const capture = async (call: Promise<unknown>): Promise<Captured> => {
  captured = [];
  await call.catch(() => undefined);
  const [request] = captured;
  if (request === undefined) throw new Error("nothing was sent");
  return request;
};
