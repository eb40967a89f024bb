import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as E from "fp-ts/Either";
import { parseJson } from "../../json";

type Body = Readonly<Record<string, unknown>>;

/** Operations that dynalite does not know. */
export type Served = {
  /** By `x-amz-target`, and what is asked. */
  readonly answers: (target: string) => boolean;
  readonly answer: (operation: string, input: unknown) => Promise<E.Either<Body, Body>>;
};

/** A refusal as DynamoDB writes it. */
export const invalid = (message: string): Body => ({
  __type: "com.amazon.coral.validate#ValidationException",
  message,
});

const respond = async (
  { answer }: Served,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const done = await answer(target.split(".")[1] ?? "", parseJson(await text(request)));
  response
    .writeHead(E.isRight(done) ? 200 : 400, { "content-type": "application/x-amz-json-1.0" })
    .end(JSON.stringify(E.toUnion(done)));
};

/** Puts operations in front of dynalite's server; the gateway is its only client. */
export const serveInFront = (server: Server, served: ReadonlyArray<Served>): void => {
  const others = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const target = String(request.headers["x-amz-target"]);
    const own = served.find(({ answers }) => answers(target));
    if (own !== undefined) void respond(own, target, request, response);
    else for (const other of others) Reflect.apply(other, server, [request, response]);
  });
};
