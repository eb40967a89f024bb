import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { temporaryFolder } from "../support/temporary-folder";
import { program } from "../../cli/submit/program";
import { runWithin } from "../support/within";

/** The command, against a server whose answers each test scripts. */

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };
type Seen = {
  readonly headers: IncomingMessage["headers"];
  readonly orders: ReadonlyArray<{ order_id: number }>;
};

const folder = temporaryFolder("submit");
let server: Server;
let endpoint: string;
let seen: Seen[];
let answer: (request: Seen) => Answer;

beforeAll((done) => {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      const arrived = { headers: request.headers, ...(body as Pick<Seen, "orders">) };
      const { status, headers, body: answered } = answer(arrived);
      seen.push(arrived);
      response.writeHead(status, headers).end(JSON.stringify(answered));
    });
  }).listen(0, "127.0.0.1", () => {
    const address = server.address();
    endpoint = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
    done();
  });
});
beforeEach(() => {
  seen = [];
});
afterAll((done) => {
  server.close(done);
});

const order = (order_id: number) => ({ order_id, product: "Product1", power: 2 });
const stored = ({ orders }: Seen): Answer => ({
  status: 201,
  body: { orders: orders.map(({ order_id }) => ({ order_id, outcome: "stored", status: "received" })) },
});

const file = (content: unknown): string => {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(
    path,
    typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  return path;
};

const submit = (args: ReadonlyArray<string>, changes: Record<string, string> = {}) =>
  runWithin(program, args, { changes });

describe("submit", () => {
  it("prints each order's outcome and a total, and exits 0 when all are stored", async () => {
    answer = stored;
    const { code, stdout } = await submit([file({ orders: [order(1), order(2)] }), "--endpoint", endpoint]);
    expect(stdout).toMatch(/ 1 {2}stored\n +2 {2}stored\n2 stored, 0 replayed, 0 in conflict, 0 not stored/);
    expect(code).toBe(0);
  });

  it("cuts a file of more than 1,000 orders into requests the API takes", async () => {
    answer = stored;
    const orders = Array.from({ length: 2_500 }, (_, index) => order(index + 1));
    const { stdout } = await submit([file({ orders }), "--endpoint", endpoint]);
    expect(seen.map((request) => request.orders.length)).toEqual([1_000, 1_000, 500]);
    expect(stdout).toContain("2500 stored");
  });

  it("sends the same request again when the API asks to wait", async () => {
    let calls = 0;
    answer = (request) => {
      calls += 1;
      return calls < 3
        ? {
            status: 503,
            headers: { "retry-after": "0" },
            body: { type: "about:blank", status: 503, title: "The table is busy" },
          }
        : stored(request);
    };
    const { code } = await submit([file({ orders: [order(7)] }), "--endpoint", endpoint]);
    expect(code).toBe(0);
    expect(seen).toHaveLength(3);
  });

  it("reports a conflict as that order's outcome and exits 1", async () => {
    answer = () => ({
      status: 409,
      body: {
        type: "about:blank",
        status: 409,
        title: "Conflict",
        orders: [
          { order_id: 1, outcome: "conflict", status: "received" },
          { order_id: 2, outcome: "replayed", status: "received" },
        ],
      },
    });
    const { code, stdout } = await submit([file({ orders: [order(1), order(2)] }), "--endpoint", endpoint]);
    expect(stdout).toContain("0 stored, 1 replayed, 1 in conflict");
    expect(code).toBe(1);
  });

  it("names a fault by its place in the file, not in the request", async () => {
    answer = (request) =>
      request.orders.length === 1_000
        ? stored(request)
        : {
            status: 400,
            body: {
              type: "about:blank",
              status: 400,
              title: "Bad order",
              errors: [{ path: "orders[3].power", expected: "an integer", actual: "string" }],
            },
          };
    const orders = Array.from({ length: 1_010 }, (_, index) => order(index + 1));
    const { code, stdout, stderr } = await submit([file({ orders }), "--endpoint", endpoint]);
    expect(stderr).toContain("orders[1003].power: expected an integer, got string");
    expect(stdout).toContain("1000 stored, 0 replayed, 0 in conflict, 10 not stored");
    expect(code).toBe(1);
  });

  it("passes on what the gateway in front of the API says, and the token it asks for", async () => {
    answer = ({ headers }) =>
      headers.authorization === "Bearer good"
        ? { status: 403, body: { message: "Forbidden" } }
        : { status: 401, body: { message: "Unauthorized" } };
    const path = file({ orders: [order(1)] });
    expect((await submit([path, "--endpoint", endpoint])).stderr).toContain("refused with 401: Unauthorized");
    const withToken = await submit([path, "--endpoint", endpoint], { ORDERS_TOKEN: "good" });
    expect(withToken.stderr).toContain("refused with 403: Forbidden");
    expect(withToken.stderr).toContain(`sending to ${endpoint}/, with the token in ORDERS_TOKEN`);
    expect(withToken.stderr).toContain("The API asks for a signature of somebody who may call it.");
  });

  it.each([
    ["a file that is not there", ["nowhere.json"], /nowhere\.json: cannot be read/],
    ["no file", [], /missing required argument 'file'; see npm run submit -- --help/],
    ["a file that is not JSON", [file("{")], /is not JSON/],
    ["a file of something else", [file([1])], /expected \{"orders"/],
    [
      "a number that would be rounded",
      [file('{"orders":[{"order_id":1,"product":"P","power":9007199254740991.4}]}')],
      /orders\[0\]\.power: expected a number that is kept as it is written, got a number that would be rounded/,
    ],
    [
      "an order that says one thing twice",
      [file('{"orders":[{"order_id":1,"product":"P","power":1,"power":2}]}')],
      /orders\[0\]\.power: expected each property once, got it again/,
    ],
    ["a file in another encoding", [file(Buffer.from('{"orders":["Caf\xe9"]}', "latin1"))], /is not UTF-8/],
    ["a file without orders", [file({ orders: [] })], /has no orders/],
    [
      "an endpoint that is no URL",
      [file({ orders: [order(1)] }), "--endpoint", "nowhere"],
      /expected an http/,
    ],
    [
      "an unknown option",
      [file({ orders: [order(1)] }), "--fast"],
      /unknown option '--fast'; see npm run submit -- --help/,
    ],
  ])("says what is wrong with %s in one line, and sends nothing", async (_, args, message) => {
    const { code, stderr } = await submit(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });
});
