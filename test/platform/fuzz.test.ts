import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";

/** Thousands of requests that nobody would send on purpose, over real HTTP. */

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

let platform: PlatformProcess;
beforeAll(async () => {
  platform = await startProcess(["--data", newFolder(), "--schedule", "off"]);
});
afterAll(endAll);

const send = ({ method, path, headers, body }: Sent) =>
  new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(platform.apiUrl);
    request(
      { hostname, port, method, path, headers: { ...headers, "content-length": body.length } },
      (response) => {
        buffer(response).then(
          (content) => resolve({ status: response.statusCode ?? 0, text: content.toString() }),
          reject,
        );
      },
    )
      .on("error", reject)
      .end(body);
  });

const order = fc.record({
  order_id: fc.oneof(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.constantFrom<unknown>(0, -1, 1.5, "1", null, 2 ** 53, [], {}),
  ),
  product: fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.constantFrom<unknown>("P", "", null, 7, "\u0000", "\ud800", "é".repeat(64)),
  ),
  power: fc.oneof(fc.integer(), fc.constantFrom<unknown>(1, 0.1, "2", 1e300, true)),
});
const valid = fc.array(order, { maxLength: 4 }).map((orders) => JSON.stringify({ orders }));

/** A text with a piece cut out, doubled or overwritten. */
const mutated = fc
  .tuple(valid, fc.nat(200), fc.nat(10), fc.string({ maxLength: 3 }), fc.boolean())
  .map(([text, at, length, put, keep]) => {
    const from = at % (text.length + 1);
    return `${text.slice(0, from)}${put}${text.slice(keep ? from : from + length)}`;
  });
const nasty = fc.constantFrom(
  '{"orders":[{"order_id":1e400,"product":"P","power":1}]}',
  '{"orders":[{"order_id":123456789012345678901234567890,"product":"P","power":1}]}',
  '{"orders":[{"order_id":1,"order_id":2,"product":"P","power":1,"power":"x"}]}',
  '{"__proto__":{"orders":[]},"orders":[{"order_id":1,"product":"P","power":1,"__proto__":{}}]}',
  '{"orders":{"length":3}}',
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  `{"orders":${'{"orders":'.repeat(20_000)}1${"}".repeat(20_001)}`,
  "\ufeff{}",
  "null",
  '"orders"',
);
const body = fc.oneof(
  { weight: 4, arbitrary: mutated.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: valid.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: nasty.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: valid.map((text) => Buffer.from(Buffer.from(text).toString("base64"))) },
);
const contentType = fc.oneof(
  { weight: 6, arbitrary: fc.constant("application/json") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "application/json; charset=utf-8",
      "text/plain",
      "application/json;charset=latin1",
      "multipart/form-data",
      "application/octet-stream",
      "application/x-www-form-urlencoded",
    ),
  },
);
const posts: fc.Arbitrary<Sent> = fc.record({
  method: fc.constant("POST"),
  path: fc.constant("/orders"),
  headers: contentType.map((type) => ({ "content-type": type })),
  body,
});
const word = fc.string({ maxLength: 30 }).map(encodeURIComponent);
const gets: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
  path: fc.oneof(
    word.map((id) => `/orders/${id}`),
    fc
      .tuple(fc.constantFrom("status", "limit", "cursor", "order_id", "__proto__"), word)
      .map(([name, value]) => `/orders?${name}=${value}`),
    word.map((path) => `/${path}`),
    fc.constantFrom(
      "/orders/%",
      "/orders/%ff",
      "/orders/..%2f..",
      "//orders",
      "/orders/1/2",
      "/orders?limit=1&limit=2",
      "/orders?%E0%A4%A",
    ),
  ),
  headers: fc.constant({}),
  body: fc.constant(Buffer.alloc(0)),
});

const inBatches = async (
  all: ReadonlyArray<Sent>,
  check: (sent: Sent, status: number, text: string) => void,
): Promise<void> => {
  for (let first = 0; first < all.length; first += 10)
    await Promise.all(
      all.slice(first, first + 10).map(async (each) => {
        const { status, text } = await send(each);
        check(each, status, text);
      }),
    );
};

const post = (content: Buffer): Promise<{ readonly status: number; readonly text: string }> =>
  send({ method: "POST", path: "/orders", headers: { "content-type": "application/json" }, body: content });

describe("whatever is sent to the API", () => {
  it.each(["__proto__", "constructor", "toString", "dry_run"])(
    "has the parameter %s refused by its name",
    async (name) => {
      const { status, text } = await send({
        method: "GET",
        path: `/orders?${name}=1`,
        headers: {},
        body: Buffer.alloc(0),
      });
      expect([status, JSON.parse(text)]).toEqual([
        400,
        expect.objectContaining({ errors: [expect.objectContaining({ path: name })] }),
      ]);
    },
  );

  it("has a body that is not UTF-8 refused for it, and nothing of it stored", async () => {
    const content = Buffer.from('{"orders":[{"order_id":4711,"product":"Caf\u00e9","power":1}]}', "latin1");
    const { status, text } = await post(content);
    expect([status, text]).toEqual([400, expect.stringContaining("UTF-8")]);
    const found = await send({ method: "GET", path: "/orders/4711", headers: {}, body: Buffer.alloc(0) });
    expect(found.status).toBe(404);
  });

  it("is answered below 500, without a stack trace, and only what was answered 201 is stored", async () => {
    const answered = new Set<number>();
    const sent = [
      ...fc.sample(posts, { numRuns: 1_500, seed: 42 }),
      ...fc.sample(gets, { numRuns: 700, seed: 43 }),
    ];
    await inBatches(sent, ({ method, path, body: content }, status, text) => {
      const what = `${method} ${path.slice(0, 80)} ${content.toString("latin1", 0, 200)}`;
      expect(`${status < 500 && status >= 200} ${status} ${what}`).toBe(`true ${status} ${what}`);
      expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|TypeError|SyntaxError/);
      if (method !== "POST" || (status !== 201 && status !== 409)) return;
      const { orders } = JSON.parse(text) as { orders: { order_id: number; outcome: string }[] };
      for (const { order_id, outcome } of orders) if (outcome === "stored") answered.add(order_id);
    });
    const stored = new Set<number>();
    const client = new DynamoDBClient({
      endpoint: platform.awsUrl,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    for await (const { Items = [] } of paginateScan({ client }, { TableName: "local-orders" }))
      for (const item of Items) stored.add(Number(item["order_id"]?.N));
    expect(answered.size).toBeGreaterThan(20);
    expect([...stored].sort()).toEqual([...answered].sort());
  });
});
