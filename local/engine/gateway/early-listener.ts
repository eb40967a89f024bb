import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { listen, LOOPBACK } from "./server";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** A listener whose requests wait until they can be answered. A taken port is a StartError; port 0 is any free one. */
export const listenEarly = async (port: number, host = LOOPBACK) => {
  const { promise, resolve } = Promise.withResolvers<Handler>();
  const { server, port: bound } = await listen(port, host, async (request, response) =>
    (await promise)(request, response),
  );
  // Every address includes loopback.
  const reached = ["0.0.0.0", "::"].includes(host) ? LOOPBACK : host;
  return {
    url: `http://${reached}:${bound}`,
    /** Says what answers; requests that came before wait for it. */
    answer: (handler: Handler): void => resolve(handler),
    close: () => close(server),
  };
};

export type EarlyListener = Awaited<ReturnType<typeof listenEarly>>;
