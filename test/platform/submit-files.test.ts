import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { runCommand } from "../support/process";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** A large file that is sent to the running platform by a command that is killed, and then sent again. */

const ORDERS = 2_200;

let platform: PlatformProcess;
let file: string;
beforeAll(async () => {
  platform = await startProcess(["--data", newFolder(), "--schedule", "off"]);
  file = join(newFolder(), "orders.csv");
  const rows = Array.from({ length: ORDERS }, (_, id) => `${id + 1},"Prod ""${id % 7}""",${id - 1_100 || 1}`);
  writeFileSync(file, ["order_id,product,power", ...rows, "0,P,1", "7001,P,much"].join("\n"));
});
afterAll(endAll);

const outcomes = `.outcomes.csv`;
const linesOf = (path: string): ReadonlyArray<string> =>
  existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(1, -1) : [];

const submit = (onStart?: (kill: (signal?: NodeJS.Signals) => void) => void) =>
  runCommand("submit", [file, "--endpoint", platform.apiUrl], {
    seconds: 400,
    ...(onStart === undefined ? {} : { onStart }),
  });

it("is stored whole, each order once, however often the command is killed", async () => {
  let answered = 0;
  for (let kills = 1; kills <= 2; kills += 1) {
    let end = (): void => undefined;
    const killed = submit((signal) => {
      end = () => signal("SIGKILL");
    });
    await until(
      () => linesOf(`${file}${outcomes}`).length,
      (count) => count >= 1_000,
    );
    end();
    await killed;
    // What was told to be stored is told still, here or in what the run before left.
    const told = new Set(
      [`${file}${outcomes}`, `${file}${outcomes}.earlier`]
        .flatMap(linesOf)
        .filter((line) => /,(stored|replayed),/.test(line))
        .map((line) => Number(line.split(",")[0])),
    );
    expect(told.size).toBeGreaterThanOrEqual(answered);
    answered = told.size;
  }

  const last = await submit();
  const [, stored = "", replayed = ""] = /^(\d+) stored, (\d+) replayed/m.exec(last.stdout) ?? [];
  expect(Number(stored) + Number(replayed)).toBe(ORDERS);
  expect(last.stdout).toContain("0 in conflict, 2 not stored");
  expect(Number(/^(\d+) orders were stored before/m.exec(last.stderr)?.[1])).toBeGreaterThanOrEqual(answered);
  expect(last.code).toBe(1);

  const told = linesOf(`${file}${outcomes}`);
  expect(told.map((line) => Number(line.split(",")[0]))).toEqual(
    Array.from({ length: ORDERS + 2 }, (_, index) => index + 2),
  );
  expect(told.slice(-2)).toEqual([
    expect.stringMatching(/^2202,0,refused,,"?order_id: expected a positive integer/),
    expect.stringMatching(/^2203,,malformed,,"power: expected an integer such as -12, got ""much"""/),
  ]);
  expect(existsSync(`${file}${outcomes}.earlier`)).toBe(false);

  const Order = t.type({ product: t.string, power: t.number });
  const answer: unknown = await (await fetch(`${platform.apiUrl}/orders/${ORDERS}`)).json();
  expect(Order.is(answer) && answer).toMatchObject({ product: 'Prod "1"', power: 1_099 });
});
