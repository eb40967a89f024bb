/**
 * A small server that speaks HCP Terraform's API as documented, as far as Terraform's own `cloud` block asks for
 * it, and executes runs.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { buffer } from "node:stream/consumers";
import { type Certificate, makeCertificate } from "./certificate";
import type { Access } from "./documents";
import { type Answer, problem, routes } from "./routes";
import { runnerOf } from "./runs";
import { Store, type Workspace } from "./store";
import { terraformExecutor } from "./terraform";

export type Options = {
  /** An existing folder for archives, configurations and states. */
  readonly folder: string;
  readonly organization: string;
  /** Tokens, and what each may do. */
  readonly tokens: Readonly<Record<string, Access>>;
  /** For Terraform and its providers: credentials, CLI configuration. */
  readonly env: NodeJS.ProcessEnv;
  /** The AWS provider; none: the stacks have no use for it. */
  readonly provider?: string;
};

export type Server = {
  /** `localhost:PORT`, as an environment file or a `cloud` block names it. */
  readonly host: string;
  readonly certificate: Certificate;
  readonly store: Store;
  /** Method, path and status of each answer so far. */
  readonly requests: ReadonlyArray<string>;
  /** Lifts the lock that a test put on a workspace. */
  readonly unlock: (workspace: Workspace) => void;
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
  const runner = runnerOf(store, terraformExecutor(options.env, options.provider));
  const certificate = await makeCertificate();
  const requests: string[] = [];
  let origin = "";

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "/", origin);
    const method = request.method ?? "GET";
    const body = await buffer(request);
    const access = PUBLIC.test(url.pathname)
      ? "plan"
      : options.tokens[request.headers.authorization?.replace(/^Bearer /, "") ?? ""];
    if (access === undefined) return problem(401, "unauthorized");
    for (const { method: wanted, path, handle } of routes) {
      const match = wanted === method ? path.exec(url.pathname) : null;
      if (match !== null)
        return handle({
          store,
          runner,
          origin,
          organization: options.organization,
          access,
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
  const server = createServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  origin = `https://localhost:${port}`;
  return {
    host: `localhost:${port}`,
    certificate,
    store,
    requests,
    unlock: (workspace) => {
      workspace.lockedBy = undefined;
      runner.unlocked();
    },
    stop: async () => {
      await runner.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
