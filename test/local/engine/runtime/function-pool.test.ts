import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { functionLogs } from "../../../../local/engine/runtime/function-logs";
import { type FunctionPool, functionPool } from "../../../../local/engine/runtime/function-pool";
import { compiledFunctions } from "../../../../local/paths";
import { newFolder } from "../../../platform/support/fixture";
import { until } from "../../../platform/support/until";

const folder = newFolder();
const begun = join(folder, "begun");
const logs = functionLogs(folder, "slow", jest.fn(), jest.fn());

const runnable = { bundle: folder, handler: "index.handler", env: {}, memoryMb: 128, timeoutSeconds: 20 };
let pool: FunctionPool;
beforeAll(() => {
  writeFileSync(begun, "");
  writeFileSync(
    join(folder, "index.js"),
    `exports.handler = async (event, context) => {
      require("node:fs").appendFileSync(${JSON.stringify(begun)}, event.name + "\\n");
      const isTogether = () => require("node:fs").readFileSync(${JSON.stringify(begun)}, "utf8").split(event.name).length > event.all;
      while (event.all !== undefined && !isTogether()) await new Promise((resolve) => setTimeout(resolve, 20));
      if (event.name === "who") return require("node:worker_threads").threadId;
      const left = context.getRemainingTimeInMillis();
      await new Promise((resolve) => setTimeout(resolve, event.ms));
      return left;
    };`,
  );
  pool = functionPool(runnable, undefined, logs, () => undefined, {
    most: 2,
    waitForWarmMs: 50,
    longestWaitMs: 200,
    longestIdleMs: 900_000,
  });
});
afterAll(async () => {
  await pool.stop();
  await logs.close();
});

const invoke = (name: string, ms: number) => pool.invoke("arn", JSON.stringify({ name, ms }));

it("an invocation that waits longer than its caller would is refused as throttled, and never begun", async () => {
  const running = Array.from({ length: pool.concurrency }, (_, index) => invoke(`running-${index}`, 3_000));
  await expect(invoke("late", 0)).rejects.toMatchObject({ code: "TooManyRequestsException", status: 429 });
  for (const outcome of await Promise.all(running)) expect(outcome.kind).toBe("answer");
  expect(await invoke("next", 0)).toMatchObject({ kind: "answer" });
  expect(readFileSync(begun, "utf8")).not.toContain("late");
});

it("a function's time is measured on a clock that never jumps", async () => {
  const now = jest.spyOn(Date, "now").mockReturnValue(0);
  const outcome = await invoke("timed", 0);
  now.mockRestore();
  expect(Number(outcome.kind === "answer" ? outcome.payload : NaN)).toBeGreaterThan(10_000);
});

it("an environment is kept for the next invocation, and ends when none comes", async () => {
  const who = async (from: FunctionPool) => from.invoke("arn", JSON.stringify({ name: "who" }));
  expect(await who(pool)).toEqual(await who(pool));
  const forgetful = functionPool(runnable, undefined, logs, () => undefined, { longestIdleMs: 1 });
  const first = await who(forgetful);
  await until(
    () => who(forgetful),
    (now) => !isDeepStrictEqual(now, first),
  );
  await forgetful.stop();
});

it("what comes at the same time waits for the environment that is there, and only what waits long gets another", async () => {
  const patient = functionPool(runnable, undefined, logs, () => undefined, { waitForWarmMs: 900_000 });
  const who = (from: FunctionPool) => from.invoke("arn", JSON.stringify({ name: "who" }));
  const [one, other] = await Promise.all([who(patient), who(patient)]);
  expect(other).toEqual(one);
  const impatient = functionPool(runnable, undefined, logs, () => undefined, { waitForWarmMs: 1 });
  const first = await who(impatient);
  const busy = impatient.invoke("arn", JSON.stringify({ name: "busy", ms: 3_000 }));
  expect(await who(impatient)).not.toEqual(first);
  await busy;
  await Promise.all([patient.stop(), impatient.stop()]);
});

it("more than one for each processor run at once where they wait for something else, and no more than the limit", async () => {
  const all = Math.max(availableParallelism(), 2) + 3;
  const waiting = functionPool(runnable, undefined, logs, () => undefined, { most: all, waitForWarmMs: 50 });
  const ask = () => waiting.invoke("arn", JSON.stringify({ name: "together", all, ms: 0 }));
  // None ends before all of them have begun.
  const outcomes = await Promise.all(Array.from({ length: all }, ask));
  expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => "answer"));
  await waiting.stop();
});

it("what waits counts as running: more than is reserved is refused at once", async () => {
  const reserving = functionPool(runnable, 2, logs, () => undefined, { waitForWarmMs: 900_000 });
  const ask = () => reserving.invoke("arn", JSON.stringify({ name: "reserved", ms: 1_000 }));
  const [one, other] = [ask(), ask()];
  await expect(ask()).rejects.toMatchObject({ code: "TooManyRequestsException" });
  for (const outcome of [await one, await other]) expect(outcome.kind).toBe("answer");
  await reserving.stop();
});

it("what was compiled of a function is kept by its code, and compiled again if it is damaged", async () => {
  const kept = join(
    compiledFunctions,
    createHash("sha256")
      .update(readFileSync(join(folder, "index.js")))
      .digest("hex"),
  );
  const runOnce = async (): Promise<void> => {
    const once = functionPool(runnable, undefined, logs, () => undefined);
    expect(await once.invoke("arn", JSON.stringify({ name: "once", ms: 0 }))).toMatchObject({
      kind: "answer",
    });
    await until(
      () => existsSync(kept) && readFileSync(kept, "latin1") !== "damaged",
      (isKept) => isKept,
    );
    await once.stop();
  };
  await runOnce();
  writeFileSync(kept, "damaged");
  await runOnce();
  rmSync(kept);
});
