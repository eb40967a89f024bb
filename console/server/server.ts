import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import type { App } from "../app";
import type { Pace } from "../aws/pace";
import { liveFeed } from "./feed";
import { HEADERS, refusal } from "./guard";

const LOOPBACK = "127.0.0.1";

/** The built page: every file of it, by its path. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
  "/openapi.json": ["openapi.json", "application/json"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
};
const INDEX = ["index.html", "text/html; charset=utf-8"] as const;

export type Served = {
  readonly url: string;
  readonly close: () => Promise<void>;
};

type Options = {
  /** 0 is any free one. */
  readonly port: number;
  /** The folder of the built page. */
  readonly page: string;
  /** Asked for with each request; until it is there, requests wait. */
  readonly app: () => Promise<App>;
  readonly pace: Pace;
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const MOST_BYTES = 1_000;

/** What was sent, if it is JSON and not long. */
const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > MOST_BYTES) return undefined;
  }
  return jsonOrUndefined(text);
};

/** Loopback only. Rejects with the error of `listen` where the port is taken. */
export const serveConsole = async ({ port, page, app, pace }: Options): Promise<Served> => {
  const feed = liveFeed({ read: async () => (await app()).live(), pace });

  const send = (response: ServerResponse, status: number, type: string, body: string | Buffer): void =>
    void response.writeHead(status, { "content-type": type }).end(body);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refused = refusal(request, portOf(server));
    if (refused !== undefined) {
      send(response, refused.status, "text/plain; charset=utf-8", refused.text);
      return;
    }
    const url = new URL(request.url ?? "/", "http://console");
    if (request.method === "PUT") {
      const { status, body } = await (await app()).change(url, await bodyOf(request));
      send(response, status, "application/json", JSON.stringify(body));
    } else if (url.pathname === "/api/live") feed.join(response);
    else if (url.pathname.startsWith("/api/")) {
      const { status, body } = await (await app()).answer(url);
      send(response, status, "application/json", JSON.stringify(body));
    } else {
      const [file, type] = FILES[url.pathname] ?? INDEX;
      send(response, 200, type, readFileSync(join(page, file)));
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, "text/plain; charset=utf-8", `${String(error)}\n`);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: LOOPBACK }, resolve);
  });
  return {
    url: `http://${LOOPBACK}:${portOf(server)}`,
    close: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const Taken = t.type({ code: t.literal("EADDRINUSE") });
export const isTaken = (error: unknown): boolean => Taken.is(error);
