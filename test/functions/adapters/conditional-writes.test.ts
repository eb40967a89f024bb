import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import * as E from "fp-ts/Either";
import { conditionalWrites, insertion, type Write } from "../../../functions/adapters/conditional-writes";

type Outcome = { readonly Error?: { readonly Code: string } };
type Request = { readonly Statements: ReadonlyArray<{ readonly Parameters: ReadonlyArray<{ N: string }> }> };

/** The ids of each request that the table got. */
let requests: number[][] = [];
/** What the table answers for an id, the so-manieth time. */
let answer: (id: number, time: number) => Outcome = () => ({});

let server: Server;
const signal = new AbortController().signal;

beforeAll(async () => {
  const times = new Map<number, number>();
  server = createServer((request, response) => {
    void json(request).then((body) => {
      const ids = (body as Request).Statements.map(({ Parameters: [first] }) => Number(first?.N));
      requests.push(ids);
      const Responses = ids.map((id) => {
        const time = (times.get(id) ?? 0) + 1;
        times.set(id, time);
        return answer(id, time);
      });
      response
        .writeHead(200, { "content-type": "application/x-amz-json-1.0" })
        .end(JSON.stringify({ Responses }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

const write = (id: number): Write => {
  const key = { order_id: { N: String(id) } };
  return insertion("storing an order", "orders", key, { ...key, product: { S: "P" } });
};

const all = (ids: ReadonlyArray<number>) => {
  const one = conditionalWrites(signal);
  return Promise.all(ids.map((id) => one(write(id))()));
};
const failing = (Code: string) => () => ({ Error: { Code } });

it("sends what is asked for at the same time 25 to a request", async () => {
  answer = () => ({});
  const ids = Array.from({ length: 60 }, (_, index) => 1_000 + index);
  expect(await all(ids)).toEqual(ids.map(() => E.right(true)));
  expect(requests.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([10, 25, 25]);
});

it("never sends two writes of the same item in one request", async () => {
  answer = (_, time) => (time === 1 ? {} : { Error: { Code: "DuplicateItem" } });
  expect(await all([1, 2, 1, 1])).toEqual([E.right(true), E.right(true), E.right(false), E.right(false)]);
  expect(requests).toEqual([[1, 2], [1], [1]]);
});

it("asks again, after a pause, for those alone that the table throttled", async () => {
  answer = (id, time) => (id === 11 && time < 3 ? { Error: { Code: "ThrottlingError" } } : {});
  expect(await all([10, 11, 12])).toEqual([E.right(true), E.right(true), E.right(true)]);
  expect(requests).toEqual([[10, 11, 12], [11], [11]]);
});

it("gives up on what stays throttled, which may pass later", async () => {
  answer = (id) => (id === 21 ? { Error: { Code: "ProvisionedThroughputExceeded" } } : {});
  const [other, throttled] = await all([20, 21]);
  expect(other).toEqual(E.right(true));
  expect(throttled).toMatchObject({ left: { _tag: "Transient", operation: "storing an order" } });
  expect(requests).toHaveLength(4);
});

it.each(["ValidationError", "AccessDenied", "ResourceNotFound"])(
  "takes %s for an error of that write alone, which does not pass",
  async (code) => {
    answer = (id) => (id === 31 ? failing(code)() : {});
    const [other, refused] = await all([30, 31]);
    expect(other).toEqual(E.right(true));
    expect(refused).toMatchObject({ left: { _tag: "Permanent" } });
    expect(requests).toHaveLength(1);
  },
);

it("takes a condition that does not hold for an answer", async () => {
  answer = failing("ConditionalCheckFailed");
  expect(await all([40])).toEqual([E.right(false)]);
});

it("ends with its invocation, whatever the table does", async () => {
  const controller = new AbortController();
  const pending = conditionalWrites(controller.signal)(write(50))();
  controller.abort();
  expect(await pending).toMatchObject({ left: { _tag: "Transient" } });
});
