import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { postOrders } from "./support/ask";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";
import { runCommand } from "../support/process";

/** The logs command as an operator runs it, on a running platform. */

const data = newFolder();
let platform: PlatformProcess;

const logs = (...args: string[]) => runCommand("logs", ["local", ...args, "--endpoint", platform.awsUrl]);

const orders = [7, 17, 8].map((order_id) => ({ order_id, product: "Product1", power: 2 }));

beforeAll(async () => {
  platform = await startProcess(["--data", data, "--schedule", "off"]);
  const { status } = await postOrders(platform.apiUrl, orders);
  expect(status).toBe(201);
  // On a busy machine an answer may be lost: then the order is sent once more, and has more lines.
  await until(
    async () => (await logs("submit-orders")).stdout,
    (text) => text.match(/order submitted/g)?.length === orders.length,
  );
});
afterAll(endAll);

it("prints each line as it was logged where it is no terminal", async () => {
  const { stdout, stderr, code } = await logs("submit-orders");
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  const ids = stdout.split("\n").flatMap((line) => /"order_id":(\d+)/.exec(line)?.[1] ?? []);
  expect([...new Set(ids)].sort()).toEqual(["17", "7", "8"]);
});

it("finds the lines of one order and of one request, in every function", async () => {
  const submitted = await logs("submit-orders", "--order", "7", "--no-json");
  expect(submitted.stdout).toMatch(/^([\d:.]+ .*order_id=7 .*\n)+$/);
  expect(submitted.stdout).toMatch(/^[\d:.]+ {2}info {3}order submitted {2}/m);
  const request = /request_id=(\S+)/.exec(submitted.stdout)?.[1] ?? "";
  const placed = await logs("local-place-orders", "--order", "7", "--request", request, "--no-json");
  expect(placed.stdout).toContain("orders placed");
  const other = await logs("place-orders", "--request", "somebody-elses");
  expect(other).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("no such line since") });
});

it("follows a log until it is interrupted, and prints each line once", async () => {
  const line = (event: string) =>
    appendFileSync(
      join(data, "logs", "local-notify-slack.log"),
      `${JSON.stringify({ level: "info", time: new Date().toISOString(), event })}\n`,
    );
  line("the first");
  let written = 0;
  const args = ["local", "notify-slack", "--follow", "--endpoint", platform.awsUrl];
  const { stdout } = await runCommand("logs", args, {
    onOutput: (printed, interrupt) => {
      if (printed.includes("the first") && written === 0) line(`line ${(written += 1)}`);
      if (printed.includes("line 1") && written === 1) line(`line ${(written += 1)}`);
      if (printed.includes("line 2")) interrupt();
    },
  });
  expect(stdout.match(/the first|line \d/g)).toEqual(["the first", "line 1", "line 2"]);
});

it.each([
  [
    "a function there is none of",
    ["plac-orders"],
    /there is no function plac-orders \(did you mean place-orders\?\)/,
  ],
  ["a time that is none", ["place-orders", "--since", "soon"], /--since soon: expected a time span such as/],
  ["an order that is none", ["place-orders", "--order", "x"], /x: expected the id of an order/],
])("says in one line what is wrong with %s", async (_, args, message) => {
  const { stderr, code } = await logs(...args);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(code).toBe(2);
});

it("says what to do where nothing answers, and where nothing is deployed", async () => {
  const nobody = await runCommand("logs", ["local", "place-orders", "--endpoint", "http://127.0.0.1:9"]);
  expect(nobody).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Is the platform running (npm start)?"),
  });
  const changes = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const dev = ["dev", "place-orders", "--endpoint", platform.awsUrl];
  expect(await runCommand("logs", dev, { changes })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /\/aws\/lambda\/dev-place-orders: there is no such log in .*; is dev deployed\?/,
    ),
  });
});
