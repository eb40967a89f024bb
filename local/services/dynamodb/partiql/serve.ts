import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Store } from "dynalite/db/index.js";
import * as E from "fp-ts/Either";
import { parseJson } from "../../../json";
import { TARGET } from "../actions";
import { executeBatch } from "./execute";

const answer = async (store: Store, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const done = await executeBatch(store, parseJson(await text(request)));
  const body = E.isRight(done)
    ? { Responses: done.right }
    : { __type: "com.amazon.coral.validate#ValidationException", message: done.left };
  response
    .writeHead(E.isRight(done) ? 200 : 400, { "content-type": "application/x-amz-json-1.0" })
    .end(JSON.stringify(body));
};

/** Puts batches of statements in front of dynalite's server; the gateway is its only client. */
export const servePartiql = (server: Server, store: Store): void => {
  const others = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers["x-amz-target"] === `${TARGET}.BatchExecuteStatement`)
      void answer(store, request, response);
    else for (const other of others) Reflect.apply(other, server, [request, response]);
  });
};
