import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import * as t from "io-ts";
import { temporaryFolder } from "../../support/temporary-folder";
import { program } from "../../../cli/submit/program";
import { runCommand } from "../../support/process";
import { runWithin } from "../../support/within";

/** The command with files of rows, against an API whose answers each test scripts. */

const Asked = t.type({ orders: t.array(t.type({ order_id: t.unknown, power: t.unknown })) });
type Orders = t.TypeOf<typeof Asked>["orders"];
type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };

const folder = temporaryFolder("submit-rows");
let server: Server;
let endpoint: string;
let seen: Orders[];
let answer: (orders: Orders) => Answer;

beforeAll((done) => {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      if (!Asked.is(body)) throw new Error("no orders");
      seen.push(body.orders);
      const { status, headers, body: answered } = answer(body.orders);
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
  answer = stored;
});
afterAll((done) => {
  server.close(done);
});

const as = (outcome: string) => (order: Orders[number]) => ({
  order_id: order.order_id,
  outcome,
  status: "received",
});
const stored = (orders: Orders): Answer => ({ status: 201, body: { orders: orders.map(as("stored")) } });

/** As the API does: a request with one faulty order is refused whole, and a hundred faults are named. */
const refusingOddPower = (orders: Orders): Answer => {
  const errors = orders.flatMap(({ power }, index) =>
    Number(power) % 2 === 0
      ? []
      : [{ path: `orders[${index}].power`, expected: "an even one", actual: "an odd one" }],
  );
  return errors.length === 0
    ? stored(orders)
    : {
        status: 400,
        body: { type: "about:blank", status: 400, title: "Not valid", errors: errors.slice(0, 100) },
      };
};

let files = 0;
const file = (content: string | Buffer, extension = "csv"): string => {
  files += 1;
  const path = join(folder, `${files}.${extension}`);
  writeFileSync(path, content);
  return path;
};
const rows = (count: number, power: (id: number) => number | string = () => 2): string =>
  [
    "order_id,product,power",
    ...Array.from({ length: count }, (_, id) => `${id + 1},P,${power(id + 1)}`),
  ].join("\n");

const submit = (path: string, ...args: string[]) =>
  runWithin(program, [path, "--endpoint", endpoint, ...args]);

const Row = t.type({
  line: t.string,
  order_id: t.string,
  outcome: t.string,
  status: t.string,
  fault: t.string,
  content: t.string,
});
const outcomes = (path: string) => {
  const read: ReadonlyArray<unknown> = parse(readFileSync(`${path}.outcomes.csv`), { columns: true });
  return read.filter(Row.is);
};
const briefly = (path: string) =>
  outcomes(path).map(({ line, order_id, outcome, fault }) => [line, order_id, outcome, fault].join("|"));

describe("a file of rows", () => {
  it("is sent in requests that the API takes, and what became of each order is written beside it", async () => {
    const path = file(rows(2_500));
    const { code, stdout } = await submit(path);
    expect(seen.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
    expect(stdout).toBe(
      `2500 stored, 0 replayed, 0 in conflict, 0 not stored\nwhat became of each: ${path}.outcomes.csv\n`,
    );
    expect(outcomes(path)).toHaveLength(2_500);
    expect(outcomes(path)[1_499]).toMatchObject({
      ...{ line: "1501", order_id: "1500", outcome: "stored", status: "received", fault: "" },
    });
    expect(code).toBe(0);
  });

  it("may be NDJSON, by its name or by an option", async () => {
    const content = '{"order_id":1,"product":"P","power":2}\n\n{"order_id":2,"product":"P","power":2}\n';
    const named = file(content, "ndjson");
    expect((await submit(named)).code).toBe(0);
    expect(briefly(named)).toEqual(["1|1|stored|", "3|2|stored|"]);
    const other = file(content, "txt");
    expect((await submit(other, "--format", "ndjson")).code).toBe(0);
    expect(seen).toHaveLength(2);
  });

  it("stores all but its faulty rows, which are told by their lines", async () => {
    answer = refusingOddPower;
    const path = file(rows(1_200, (id) => (id === 3 ? "x" : id % 5 === 0 ? 1 : 2)));
    const { code, stdout } = await submit(path);
    expect(stdout).toContain("959 stored, 0 replayed, 0 in conflict, 241 not stored\n");
    expect(briefly(path).slice(1, 6)).toEqual([
      "3|2|stored|",
      '4||malformed|power: expected an integer such as -12, got "x"',
      "5|4|stored|",
      "6|5|refused|power: expected an even one, got an odd one",
      "7|6|stored|",
    ]);
    expect(code).toBe(1);
  });

  it("names another order of the same request by its line", async () => {
    answer = (orders) =>
      orders.length === 2
        ? {
            status: 400,
            body: {
              type: "about:blank",
              status: 400,
              title: "Not valid",
              errors: [{ path: "orders[1].order_id", expected: "another id", actual: "the id of orders[0]" }],
            },
          }
        : stored(orders);
    const path = file("order_id,product,power\n7,P,1\n\n7,P,1\n");
    await submit(path);
    expect(briefly(path)).toEqual([
      "2|7|stored|",
      "4|7|refused|order_id: expected another id, got the id of line 2",
    ]);
  });

  it("has a line for each order in conflict", async () => {
    answer = (orders) => ({
      status: 409,
      body: {
        type: "about:blank",
        status: 409,
        title: "Conflict",
        orders: orders.map((order) => as(order.order_id === 2 ? "conflict" : "stored")(order)),
      },
    });
    const path = file(rows(2));
    const { code, stdout } = await submit(path);
    expect(stdout).toContain("1 stored, 0 replayed, 1 in conflict, 0 not stored");
    expect(briefly(path)).toEqual(["2|1|stored|", "3|2|conflict|order_id: another order has it"]);
    expect(code).toBe(1);
  });

  it("that the API refuses for a reason of its own is told, and the next request sent", async () => {
    answer = (orders) =>
      orders.length === 1_000
        ? { status: 413, body: { type: "about:blank", status: 413, title: "Too large" } }
        : stored(orders);
    const path = file(rows(1_001));
    expect((await submit(path)).stdout).toContain("1 stored, 0 replayed, 0 in conflict, 1000 not stored");
    expect(briefly(path).slice(-2)).toEqual(["1001|1000|refused|413: Too large", "1002|1001|stored|"]);
  });

  it("in another encoding, or with a line that is, says which", async () => {
    const path = file(Buffer.from("order_id,product,power\n1,Caf\xe9,2\n2,P,2\n", "latin1"));
    expect((await submit(path)).code).toBe(1);
    expect(briefly(path)).toEqual([
      "2||malformed|the line is not UTF-8: save the file in that encoding",
      "3|2|stored|",
    ]);
    const marked = file('\uFEFForder_id;product;power\r\n1;"a;""b""";2\r\n');
    expect((await submit(marked)).code).toBe(0);
  });

  it.each([
    [
      "a column that there is not",
      "order_id,product,powr\n1,P,2\n",
      /the header, line 1: there is no column "powr"; did you mean power\?/,
    ],
    ["no header", "1,P,2\n", /the header, line 1: there is no column "1"/],
    ["no orders", "order_id,product,power\n", /has no orders/],
    ["nothing", "", /has no orders/],
    [
      "UTF-16",
      Buffer.from("\uFEFForder_id,product,power\n1,P,2\n", "utf16le"),
      /the header, line 1: the line is not UTF-8/,
    ],
  ])("with %s is not sent, and no outcomes are written", async (_, content, message) => {
    const path = file(content);
    const { code, stderr } = await submit(path);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(`${path}.outcomes.csv`)).toBe(false);
    expect(seen).toEqual([]);
  });

  it("has a name, and a format that there is", async () => {
    expect((await submit("-", "--format", "csv")).stderr).toContain("give a file of csv");
    expect((await submit("nowhere.csv")).stderr).toMatch(/nowhere\.csv: cannot be read/);
    expect((await submit("x.txt", "--format", "xml")).code).toBe(2);
  });
});

describe("a file that is sent again", () => {
  it("goes on where it ended, once the API answers again", async () => {
    answer = (orders) =>
      seen.length === 1 ? stored(orders) : { status: 401, body: { message: "Unauthorized" } };
    const path = file(rows(2_500));
    const first = await submit(path);
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("refused with 401: Unauthorized");
    expect(first.stderr).toContain("was not sent: the same command goes on where this ended");
    expect(outcomes(path)).toHaveLength(2_000);

    answer = stored;
    seen = [];
    const second = await submit(path);
    expect(seen.map(([order]) => order?.order_id)).toEqual([1_001, 2_001]);
    expect(second).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2500 stored, 0 replayed"),
      stderr: expect.stringContaining("1000 orders were stored before, and not sent again"),
    });
    expect(outcomes(path).map(({ line }) => Number(line))).toEqual(
      Array.from({ length: 2_500 }, (_, index) => index + 2),
    );
    expect(existsSync(`${path}.outcomes.csv.earlier`)).toBe(false);
  });

  it("sends only what was faulty and is not any more", async () => {
    answer = refusingOddPower;
    const path = file(rows(10, (id) => (id === 4 ? 1 : 2)));
    await submit(path);
    seen = [];
    writeFileSync(path, rows(10));
    const { code, stderr } = await submit(path);
    expect(seen.map((orders) => orders.map(({ order_id }) => order_id))).toEqual([[4]]);
    expect(stderr).not.toContain("has changed");
    expect(code).toBe(0);
  });

  it("notices rows that have changed, and lines that are gone", async () => {
    const path = file(rows(10));
    await submit(path);
    seen = [];
    writeFileSync(
      path,
      rows(8, (id) => (id === 4 ? 6 : 2)),
    );
    const { stderr } = await submit(path);
    expect(seen.map((orders) => orders.map(({ order_id }) => order_id))).toEqual([[4]]);
    expect(stderr).toContain("has changed since it was sent");
    expect(outcomes(path)).toHaveLength(8);
  });

  it("to another endpoint is sent whole", async () => {
    const path = file(rows(10));
    await submit(path);
    seen = [];
    await submit(path, "--endpoint", `${endpoint}/stage`);
    expect(seen.map(({ length }) => length)).toEqual([10]);
  });

  it("repeats what is safe to repeat: an API that is busy, and one that hangs up", async () => {
    answer = (orders) =>
      seen.length < 3
        ? {
            status: 503,
            headers: { "retry-after": "0" },
            body: { type: "about:blank", status: 503, title: "Busy" },
          }
        : stored(orders);
    expect((await submit(file(rows(3)))).code).toBe(0);
    expect(seen).toHaveLength(3);
  });

  it("keeps what a busy API says it has placed", async () => {
    answer = (orders) => ({
      status: 503,
      headers: { "retry-after": "0" },
      body: {
        type: "about:blank",
        status: 503,
        title: "Not all orders were placed",
        orders: orders.filter(({ order_id }) => order_id !== 3).map(as("stored")),
      },
    });
    const path = file(rows(3));
    expect((await submit(path)).code).toBe(1);
    expect(briefly(path)).toEqual([
      "2|1|stored|",
      "3|2|stored|",
      "4|3|unanswered|503: Not all orders were placed",
    ]);
  });

  it("ends after the request it is at when it is interrupted, and goes on next time", async () => {
    const path = file(rows(5_000));
    let interrupt: () => void = () => undefined;
    answer = (orders) => {
      if (seen.length === 2) interrupt();
      return stored(orders);
    };
    const running = runCommand("submit", [path, "--endpoint", endpoint], {
      onStart: (signal) => {
        interrupt = () => signal("SIGINT");
      },
    });
    const { code, stderr } = await running;
    expect(stderr).toContain("ending after this batch");
    expect(stderr).toContain("the same command goes on where this ended");
    expect(code).toBe(1);
    const before = seen.length;
    expect(before).toBeLessThan(5);
    expect(outcomes(path)).toHaveLength(before * 1_000);
    expect((await submit(path)).code).toBe(0);
    expect(seen).toHaveLength(5);
  });
});
