import { dynamoCheckpoints } from "../../../functions/adapters/dynamo-checkpoints";
import { CHECKPOINTS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok, World } from "../../support/in-memory";

const TABLE = own("checkpoints");

const signal = new AbortController().signal;

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, CHECKPOINTS);
});

describe("the checkpoints", () => {
  const { ports, logged } = new World();
  const checkpoints = dynamoCheckpoints(TABLE, signal, ports.log);
  const acquire = (holder: string, now: number) => ok(checkpoints.acquire({ holder, now, until: now + 100 }));

  it("have one holder, who may renew, until the lease ends or is given up", async () => {
    expect(await acquire("a", 1_000)).toEqual({});
    expect(await acquire("b", 1_050)).toBeUndefined();
    expect(await acquire("a", 1_050)).toEqual({});
    expect(await acquire("b", 1_151)).toEqual({});
    expect(await ok(checkpoints.write("a", { cursor: "x" }, false))).toBe(false);
    expect(
      await ok(
        checkpoints.write("b", { cursor: "c1", page: { run: "b", number: 3, dt: "2026-01-01" } }, false),
      ),
    ).toBe(true);
    expect(await ok(checkpoints.write("b", { cursor: "c2" }, true))).toBe(true);
    expect(await acquire("a", 1_152)).toEqual({ cursor: "c2" });
  });

  it("hold nobody off by a lease that a clock dated which ran ahead, and say so", async () => {
    const twoHours = 7_200_000;
    expect(await acquire("ahead", 2_000 + twoHours)).toEqual({ cursor: "c2" });
    expect(logged).toEqual([]);
    expect(await acquire("b", 2_000)).toEqual({ cursor: "c2" });
    expect(logged).toMatchObject([{ level: "warn", event: "clock moved" }]);
    // A second's difference between two clocks is none.
    expect(await acquire("c", 1_950)).toBeUndefined();
  });

  it("are given up by their holder alone, and keep the place", async () => {
    await ok(checkpoints.release("a"));
    expect(await acquire("c", 2_001)).toBeUndefined();
    await ok(checkpoints.release("b"));
    expect(await acquire("a", 1_152)).toEqual({ cursor: "c2" });
  });

  it("keep the page that was begun", async () => {
    const page = { run: "a", number: 7, dt: "2026-01-02" };
    await ok(checkpoints.write("a", { cursor: "c3", page }, false));
    expect(await acquire("a", 1_153)).toEqual({ cursor: "c3", page });
  });
});
