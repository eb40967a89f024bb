import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { absent } from "./absent";
import { StartError } from "../../start-error";
import { type AwsAnswer, callOf, type Headers, NO_ANSWER } from "./call";
import type { AwsService } from "../service";
import { notAuthenticated } from "../wire/errors";
import { verify } from "../iam/sigv4/verify";
import { type Keyring, OPERATOR_KEY } from "./callers";
import { credentialOf, serviceOf } from "./classify";
import { AwsError, errorAnswer } from "./errors";
import type { Gateway } from "./gateway";

/** The largest request of a service that names no other: 16 MiB, DynamoDB's batch. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** How long a refused upload is read on, so that its sender reads the refusal. */
const DRAIN_MS = 5_000;

export type Limits = {
  /** For a whole request to come in, and for its headers alone. */
  readonly requestMs: number;
  readonly headersMs: number;
  /** Connections held at a time; what comes above is closed unanswered. */
  readonly connections: number;
};

/** An HTTP API gives a request 30 s from its first byte to its answer: a slower one gets none. */
const LIMITS: Limits = { requestMs: 30_000, headersMs: 10_000, connections: 4_096 };

/** A request's headers by their lower-case names, with every value that came: Node's own `headers` drops some. */
const valuesOf = ({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): ReadonlyMap<string, string[]> => {
  const values = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    values.set(name, [...(values.get(name) ?? []), rawHeaders[index + 1] ?? ""]);
  }
  return values;
};

/** Repeated headers are one, their values joined: so does an HTTP API, and so they are signed. */
export const headersOf = (request: Pick<IncomingMessage, "rawHeaders">): Headers =>
  Object.fromEntries(
    [...valuesOf(request)].map(([name, values]) => [name, values.join(name === "cookie" ? "; " : ",")]),
  );

const SINGLE =
  /^(authorization|content-length|content-md5|content-type|date|host|transfer-encoding|x-amz-(?!meta-).*)$/;

/** A header that decides what a request is, and came twice: which of the two is meant is unknown. */
export const repeatedHeader = (request: Pick<IncomingMessage, "rawHeaders">): string | undefined =>
  [...valuesOf(request)].find(([name, { length }]) => length > 1 && SINGLE.test(name))?.[0];

/** The whole body, or nothing as soon as it is larger than `limit`: by its announced length, unread. */
export const bodyOf = async (request: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  if (Number(request.headers["content-length"] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
};

export const respond = (request: IncomingMessage, response: ServerResponse, answer: AwsAnswer): void => {
  if (answer === NO_ANSWER) {
    request.socket.resetAndDestroy();
    return;
  }
  // An SDK corrects its clock by the date. Node's own, as a server behind this one sends it, no fault plan moves.
  const headers = { ...answer.headers, date: new Date().toUTCString() };
  // A HEAD's length is the object's, not that of the body it does not have.
  if (request.method !== "HEAD") headers["content-length"] = answer.body.length;
  if (request.complete) {
    response.writeHead(answer.status, headers).end(answer.body);
    return;
  }
  // The answer goes out at once and ends only when the request has: Node closes the connection with it, and whoever
  // was still sending would be told of a broken pipe instead.
  response.writeHead(answer.status, { ...headers, connection: "close" });
  response.flushHeaders();
  response.write(answer.body);
  const giveUp = setTimeout(() => request.destroy(), DRAIN_MS).unref();
  request.once("close", () => {
    clearTimeout(giveUp);
    response.end();
  });
  request.resume();
};

/** The port a server listens on. */
const portOf = (server: Pick<Server, "address">): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

export const LOOPBACK = "127.0.0.1";

/** How often a server looks for requests that have used up their time. */
const CHECK_MS = 1_000;

/** A listener on one address; a taken port is a StartError. Port 0 is any free one. */
export const listen = (
  port: number,
  host: string,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { requestMs, headersMs, connections }: Limits = LIMITS,
): Promise<{ readonly server: Server; readonly port: number }> =>
  new Promise((resolve, reject) => {
    const options = {
      requestTimeout: requestMs,
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, requestMs),
    };
    const server = createServer(options, (request, response) => {
      answer(request, response).catch(() => {
        // The client went away while its request was being read.
        response.destroy();
      });
    });
    server.maxConnections = connections;
    // Longer than any client keeps an idle connection, so that none sends on one just closed.
    server.keepAliveTimeout = 75_000;
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new StartError(
          error.code === "EADDRINUSE"
            ? `port ${port} is taken by another program`
            : `${host} port ${port}: cannot be listened on: ${error.message}`,
        ),
      ),
    );
    server.listen({ port, host }, () => {
      resolve({ server, port: portOf(server) });
    });
  });

/** A request that came to the gateway unsigned, or signed by nobody known or for another service. */
const refused = (service: AwsService, refusal: Parameters<typeof notAuthenticated>[1]): AwsError => {
  const { code, message, status } = notAuthenticated(service, refusal);
  const hint = refusal._tag === "UnknownKey" ? ` ${OPERATOR_HINT}` : "";
  return new AwsError(code, `${message}${hint}`, status);
};
const OPERATOR_HINT = `On this machine sign with access key ${OPERATOR_KEY.accessKeyId} and secret ${OPERATOR_KEY.secretAccessKey}.`;

/**
 * Answers requests of any AWS SDK or the CLI: finds out what is called and who signed it, and passes it on. A
 * signature holds for one service, so nothing signed for one can be passed off as a call of another.
 */
export const awsRequests =
  (
    gateway: Gateway,
    services: ReadonlyArray<AwsService>,
    keyring: Keyring,
    { region, account }: { readonly region: string; readonly account: string },
  ) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/" } = request;
    const headers = headersOf(request);
    const refuse = (service: AwsService, error: AwsError): void =>
      respond(request, response, errorAnswer({ service, method, headers }, error));
    const credential = credentialOf(headers, url);
    const limit =
      services.find(({ name }) => name === credential?.service)?.largestRequestBytes ?? MAX_BODY_BYTES;
    const body = await bodyOf(request, limit);
    const asked = { method, target: url, headers, body: body ?? Buffer.alloc(0) };
    const service = serviceOf(services, asked, credential?.service);
    if (service === undefined) {
      const [status, code] = absent.wire.unknownOperation;
      const there = services.map(({ name }) => name).join(", ");
      const said = `${credential?.service ?? "This service"} is not emulated locally; there are ${there}. docs/local.md says where to look instead.`;
      refuse(absent, new AwsError(code, said, status));
      return;
    }
    const repeated = repeatedHeader(request);
    if (repeated !== undefined) {
      refuse(service, new AwsError("InvalidRequest", `Header ${repeated} was sent more than once`));
      return;
    }
    if (body === undefined) {
      refuse(service, new AwsError("EntityTooLarge", `Expected a request of at most ${limit} bytes`));
      return;
    }
    const verdict = verify(
      { method, target: url, headers, payload: body },
      {
        credentialsOf: keyring.credentialsWith,
        now: new Date(),
        region,
        services: [service.signedAs ?? service.name],
      },
    );
    if (verdict._tag !== "Verified") {
      refuse(service, refused(service, verdict));
      return;
    }
    const caller = keyring.callerWith(verdict.accessKeyId);
    const call = callOf(service, caller, { method, target: url, headers, body, region, account });
    respond(request, response, await gateway.handle(call));
  };
