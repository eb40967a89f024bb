import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import { dynamoLedger, type Entry } from "../../../functions/auction-simulator/ledger";
import { dynamoCheckpoints } from "../../../functions/adapters/dynamo-checkpoints";
import { dynamoOrderTable } from "../../../functions/adapters/dynamo-order-table";
import type { StoredOrder } from "../../../functions/domain/stored-order";
import { createTable, startAws, stopAws } from "../../support/aws";
import { order, World } from "../../support/in-memory";

const signal = new AbortController().signal;
const ok = async <A>(task: TE.TaskEither<unknown, A>): Promise<A> =>
  E.getOrElse((error): A => {
    throw new Error(JSON.stringify(error));
  })(await task());

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const stored = (id: number, second = id): StoredOrder => ({
  ...order(id),
  status: "received",
  request_id: `request-${id}`,
  received_at: at(second),
});

beforeAll(async () => {
  await startAws();
  await createTable("orders", {
    hash: { name: "order_id", type: "N" },
    indexes: [
      { name: "in-flight", hash: "in_flight_shard", range: "in_flight_since" },
      { name: "decided", hash: "decided_shard", range: "decided_since" },
    ],
  });
  await createTable("listed", {
    hash: { name: "order_id", type: "N" },
    indexes: [
      { name: "in-flight", hash: "in_flight_shard", range: "in_flight_since" },
      { name: "decided", hash: "decided_shard", range: "decided_since" },
    ],
  });
  await createTable("checkpoints", { hash: { name: "name", type: "S" } });
  await createTable("ledger", {
    hash: { name: "order_id", type: "N" },
    indexes: [{ name: "feed", hash: "feed", range: "decided_since" }],
  });
});
afterAll(stopAws);

describe("the orders table", () => {
  const table = dynamoOrderTable("orders", signal);

  it("keeps the first order of an id and gives it back as it was stored", async () => {
    expect(await ok(table.insert(stored(1)))).toBe("inserted");
    expect(await ok(table.insert({ ...stored(1), ...order(1, "Other", 9) }))).toBe("exists");
    expect((await ok(table.get([order(1).order_id, order(999).order_id]))).get(order(1).order_id)).toEqual(
      stored(1),
    );
  });

  it("holds ids and powers up to 2^53 − 1 exactly", async () => {
    const large = { ...stored(1), ...order(Number.MAX_SAFE_INTEGER, "P", Number.MIN_SAFE_INTEGER) };
    await ok(table.insert(large));
    expect((await ok(table.get([large.order_id]))).get(large.order_id)).toEqual(large);
  });

  it("changes an order only from the statuses the change may follow", async () => {
    const { order_id } = order(2);
    const decide = {
      _tag: "Decided",
      at: at(70),
      verdict: "accepted",
      archiveKey: "k",
      expiresAt: 1,
    } as const;
    await ok(table.insert(stored(2)));
    expect(await ok(table.change(order_id, { _tag: "OverdueReported", at: at(60) }))).toBe(false);
    expect(await ok(table.change(order_id, { _tag: "Submitted", at: at(60) }))).toBe(true);
    expect(await ok(table.change(order_id, { _tag: "Submitted", at: at(61) }))).toBe(false);
    expect(await ok(table.change(order_id, decide))).toBe(true);
    expect(await ok(table.change(order_id, { ...decide, verdict: "rejected" }))).toBe(false);
    expect(await ok(table.change(order(998).order_id, decide))).toBe(false);
    expect((await ok(table.get([order_id]))).get(order_id)).toEqual({
      ...stored(2),
      status: "accepted",
      submitted_at: at(60),
      decided_at: at(70),
      archive_key: "k",
    });
  });

  it("reads more orders than one batch takes", async () => {
    const ids = Array.from({ length: 250 }, (_, index) => 10_000 + index);
    await Promise.all(ids.map((id) => ok(table.insert(stored(id, 1)))));
    expect((await ok(table.get(ids.map((id) => order(id).order_id)))).size).toBe(250);
  });

  it("finds what waits too long by its index, and not what was queued anew or went on", async () => {
    const waiting = async () =>
      (await ok(table.waiting({ status: "received", before: new Date(at(4_000)), limit: 100 })))
        .map(({ order_id }) => order_id)
        .filter((id) => id >= 20_000 && id < 30_000);
    for (const id of [20_001, 20_002, 20_003]) await ok(table.insert(stored(id, 3_000)));
    await ok(table.change(order(20_001).order_id, { _tag: "Requeued", at: at(5_000) }));
    await ok(table.change(order(20_002).order_id, { _tag: "Submitted", at: at(3_500) }));
    expect(await waiting()).toEqual([20_003]);
    expect((await ok(table.get([order(20_001).order_id]))).get(order(20_001).order_id)?.requeues).toBe(1);
  });

  it("lists every order once, newest first, however small the pages", async () => {
    const listed = dynamoOrderTable("listed", signal);
    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    for (const id of ids) await ok(listed.insert(stored(id)));
    for (const id of ids.filter((each) => each % 2 === 0))
      await ok(listed.change(order(id).order_id, { _tag: "Submitted", at: at(100 + id) }));
    for (const id of ids.filter((each) => each % 4 === 0))
      await ok(
        listed.change(order(id).order_id, {
          _tag: "Decided",
          at: at(200 + id),
          verdict: "rejected",
          archiveKey: "k",
          expiresAt: 1,
        }),
      );
    const seen: number[] = [];
    let after: string | undefined;
    do {
      const page = await ok(
        listed.list({
          statuses: ["received", "submitted", "accepted", "rejected"],
          limit: 7,
          ...(after === undefined ? {} : { after }),
        }),
      );
      seen.push(...page.orders.map(({ order_id }) => order_id));
      after = page.next;
    } while (after !== undefined);
    expect([...seen].sort((a, b) => a - b)).toEqual(ids);
    expect(seen.slice(0, 3)).toEqual([40, 36, 32]);
    expect((await ok(listed.list({ statuses: ["rejected"], limit: 100 }))).orders).toHaveLength(10);
  });

  it("answers", async () => {
    expect(E.isRight(await table.ping())).toBe(true);
    expect(E.isLeft(await dynamoOrderTable("nowhere", signal).ping())).toBe(true);
  });
});

describe("the checkpoints", () => {
  const { ports, logged } = new World();
  const checkpoints = dynamoCheckpoints("checkpoints", signal, ports.log);
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

describe("the simulator's ledger", () => {
  const ledger = dynamoLedger("ledger", signal);
  const entry = (id: number, second: number, status: Entry["status"] = "accepted"): Entry => ({
    ...order(id),
    idempotency_key: `order-${id}`,
    status,
    decided_at: at(second),
  });

  it("enters an order once, and gives its results once each, in order, when they are out", async () => {
    for (const each of [
      entry(3, 30),
      entry(1, 10),
      entry(2, 20, "rejected"),
      entry(4, 15, "refused"),
      entry(5, 99),
    ])
      await ok(ledger.enter(each));
    expect(await ok(ledger.enter({ ...entry(1, 50), power: order(1, "P", 7).power }))).toEqual(entry(1, 10));
    const first = await ok(ledger.results({ until: new Date(at(60)), limit: 2 }));
    expect(first.entries.map(({ order_id }) => order_id)).toEqual([1, 2]);
    const second = await ok(
      ledger.results({
        until: new Date(at(60)),
        limit: 2,
        ...(first.cursor === undefined ? {} : { cursor: first.cursor }),
      }),
    );
    expect(second.entries.map(({ order_id }) => order_id)).toEqual([3]);
    const third = await ok(
      ledger.results({
        until: new Date(at(60)),
        limit: 2,
        ...(second.cursor === undefined ? {} : { cursor: second.cursor }),
      }),
    );
    expect(third).toEqual({ entries: [] });
  });
});
