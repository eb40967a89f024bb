/**
 * Makes each call of those on its standard input against a server that answers as given there, and prints what came
 * of it and what was sent. It is bundled twice, and both print the same.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";
import { CALLS, CLIENTS, type Command } from "./calls";

type Case = {
  readonly command: Command;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
export type Given = { readonly cases: ReadonlyArray<Case>; readonly regions: ReadonlyArray<string> };

/** What is of the moment in a request, or of this process; a body is compared itself, and its digest with it. */
const OF_THE_MOMENT =
  /^(amz-sdk-(invocation-id|request)|x-amz-(date|content-sha256)|(x-amz-)?user-agent|host|connection)$/;

const nameOf = (index: number): string => `case-${String(index).padStart(5, "0")}`;

const startServer = async (cases: Given["cases"], seen: (index: number, request: object) => void) => {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url = "" } = request;
      const index = Number(/case-(\d+)/.exec(`${url} ${body}`)?.[1]);
      const headers = Object.entries(request.headers)
        .filter(([name]) => !OF_THE_MOMENT.test(name))
        .map(([name, value]) => `${name}: ${String(value).replace(/Signature=\w+|\/\d{8}\//g, "")}`);
      seen(index, { method, url, headers: headers.sort(), body: body.replace(/127\.0\.0\.1:\d+/g, "HOST") });
      const answer = cases[index];
      response.writeHead(answer?.status ?? 500, answer?.headers).end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

type Thrown = Error & { readonly $metadata?: object };

/** All that a caller can see of an error but the class, which a bundle gives another name, and the waiting, which is random. */
const shown = (thrown: Thrown) => ({
  ...Object.fromEntries(Object.entries(thrown)),
  name: thrown.name,
  message: thrown.message,
  $metadata: { ...thrown.$metadata, totalRetryDelay: undefined },
  // Of the envelope, and in $metadata already.
  RequestId: undefined,
  xmlns: undefined,
});

const main = async () => {
  const { cases, regions } = (await json(process.stdin)) as Given;
  const sent = cases.map((): object[] => []);
  const { server, url } = await startServer(cases, (index, request) => sent[index]?.push(request));
  const endpoints = Object.entries(CLIENTS).map(([service, client]) =>
    regions.map((Region) => [
      service,
      client().config.endpointProvider({ Region, Bucket: "orders", ForcePathStyle: true }),
    ]),
  );
  process.env["AWS_ENDPOINT_URL"] = url;
  const outcomes = await Promise.all(
    cases.map(({ command }, index) => CALLS[command].send(nameOf(index)).catch(shown)),
  );
  server.closeAllConnections();
  server.close();
  console.log(JSON.stringify({ outcomes, sent, endpoints }));
};

void main();
