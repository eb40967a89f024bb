/**
 * A small server that speaks HCP Terraform's API, as far as `npm run hcp` and Terraform's own `cloud` block
 * ask for it, and executes runs. Only what these two clients need.
 */
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTls } from "node:https";
import { buffer } from "node:stream/consumers";
import type { Executor } from "./executor";
import { type Answer, problem, routes } from "./routes";
import { runnerOf } from "./runs";
import { Store } from "./store";

export type Options = {
  /** An existing folder for archives, configurations and states. */
  readonly folder: string;
  readonly token: string;
  readonly organization: string;
  readonly executor: Executor;
  /** Without it the server speaks plain HTTP. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Answers a request instead of the server, if it returns something: how tests make it misbehave. */
  readonly before?: (method: string, path: string) => Answer | undefined;
};

export type Server = {
  /** `localhost:PORT`, as an environment file or a `cloud` block names it. */
  readonly host: string;
  readonly origin: string;
  readonly store: Store;
  /** Method, path and status of each answer so far. */
  readonly requests: ReadonlyArray<string>;
  readonly stop: () => Promise<void>;
};

const PUBLIC = /^\/(\.well-known|archives|logs|states|plans)\//;

const write = (response: ServerResponse, { status, body, headers }: Answer): void => {
  const isText = typeof body === "string" || Buffer.isBuffer(body);
  response.writeHead(status, {
    "content-type": isText ? "text/plain" : "application/vnd.api+json",
    "tfp-api-version": "2.6",
    "tfp-appname": "HCP Terraform",
    "x-ratelimit-limit": "0",
    ...headers,
  });
  response.end(isText || body === undefined ? body : JSON.stringify(body));
};

/** Starts listening on a free port of the loopback interface. */
export const startServer = async (options: Options): Promise<Server> => {
  const store = new Store(options.folder);
  const runner = runnerOf(store, options.executor);
  const requests: string[] = [];
  let origin = "";

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "/", origin);
    const method = request.method ?? "GET";
    const body = await buffer(request);
    const scripted = options.before?.(method, url.pathname);
    if (scripted !== undefined) return scripted;
    if (!PUBLIC.test(url.pathname) && request.headers.authorization !== `Bearer ${options.token}`)
      return problem(401, "unauthorized");
    for (const { method: wanted, path, handle } of routes) {
      const match = wanted === method ? path.exec(url.pathname) : null;
      if (match !== null)
        return handle({
          store,
          runner,
          origin,
          organization: options.organization,
          url,
          body,
          ids: match.slice(1).map(decodeURIComponent),
        });
    }
    return problem(404, "not found");
  };

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request).then(
      (answered) => {
        requests.push(`${request.method ?? ""} ${request.url ?? ""} ${answered.status}`);
        write(response, answered);
      },
      (error: unknown) =>
        write(response, problem(500, error instanceof Error ? error.message : String(error))),
    );
  };
  const server =
    options.certificate === undefined
      ? createPlain(listener)
      : createTls({ cert: options.certificate.cert, key: options.certificate.key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  origin = `${options.certificate === undefined ? "http" : "https"}://localhost:${port}`;
  return {
    host: `localhost:${port}`,
    origin,
    store,
    requests,
    stop: async () => {
      await runner.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
