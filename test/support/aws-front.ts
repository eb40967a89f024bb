/** A front of an AWS endpoint that answers some operations as AWS does where something is wrong. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** An answer in place of the service's own; `name` as its SDK names the error. */
type Refusal = { readonly status: number; readonly name: string; readonly message: string };

export type Front = {
  readonly url: string;
  /** Operations that are refused from now on: `GetItem`; S3's by their method. `*` is all of them. */
  readonly refuse: (refusals: Readonly<Record<string, Refusal>>) => void;
  readonly close: () => void;
};

const operationOf = ({ headers, method = "" }: IncomingMessage): string =>
  String(headers["x-amz-target"] ?? method).replace(/^.*\./, "");

const answer = (incoming: IncomingMessage, response: ServerResponse, refusal: Refusal): void => {
  const { status, name, message } = refusal;
  if (incoming.headers["x-amz-target"] === undefined)
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(`<Error><Code>${name}</Code><Message>${message}</Message></Error>`);
  else
    response
      .writeHead(status, { "content-type": "application/x-amz-json-1.0" })
      .end(JSON.stringify({ __type: name, message }));
};

const forward = (to: URL, incoming: IncomingMessage, response: ServerResponse, body: Buffer): void => {
  const { method, url, headers } = incoming;
  const { hostname, port } = to;
  request({ hostname, port, method, path: url, headers }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  })
    .on("error", () => response.destroy())
    .end(body);
};

export const startFront = async (endpoint: string): Promise<Front> => {
  let refusals: Readonly<Record<string, Refusal>> = {};
  const server = createServer((incoming, response) => {
    void buffer(incoming).then((body) => {
      const refusal = refusals[operationOf(incoming)] ?? refusals["*"];
      if (refusal === undefined) forward(new URL(endpoint), incoming, response, body);
      else answer(incoming, response, refusal);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    refuse: (wanted) => {
      refusals = wanted;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
