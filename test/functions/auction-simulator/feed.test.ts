import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import { type Entry, itemOf } from "../../../functions/auction-simulator/entry";
import { isCursor } from "../../../functions/auction-simulator/feed";
import { dynamoLedger } from "../../../functions/auction-simulator/ledger";
import { LEDGER } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { order } from "../../support/in-memory";

/** The simulator's ledger and feed on a real table, while the clock moves as clocks do. */

const signal = new AbortController().signal;
beforeAll(useAws);

const ok = async <A>(task: TE.TaskEither<unknown, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

const NOON = Date.UTC(2026, 0, 1, 12);
const DELAY_MS = 5_000;
const at = (second: number): Date => new Date(NOON + second * 1_000);

/** A ledger of its own, whose orders come out five seconds after they are entered, by the clock of then. */
const auction = async () => {
  const name = own("ledger");
  await createTable(name, LEDGER);
  const ledger = dynamoLedger(name, signal);
  const entry = (id: number, second: number, status: Entry["status"] = "accepted"): Entry => ({
    ...order(id),
    idempotency_key: `order-${id}`,
    status,
    decided_at: new Date(at(second).getTime() + DELAY_MS).toISOString(),
  });
  let cursor: string | undefined;
  const page = async (second: number, limit: number, from?: string) => {
    const {
      results,
      cursor: next,
      datedAhead,
    } = await ok(
      ledger.results({
        now: at(second),
        longestDelayMs: DELAY_MS,
        limit,
        ...(from === undefined ? {} : { cursor: from }),
      }),
    );
    return { ids: results.map(({ order_id }) => Number(order_id)), next, datedAhead };
  };
  return {
    name,
    ledger,
    entry,
    page,
    enter: async (second: number, ...ids: number[]): Promise<void> => {
      for (const id of ids) await ok(ledger.enter(entry(id, second)));
    },
    /** What a reader that goes on from its own cursor gets at a time, to the end. */
    read: async (second: number, limit = 100): Promise<ReadonlyArray<number>> => {
      const all: number[] = [];
      for (;;) {
        const { ids, next } = await page(second, limit, cursor);
        if (ids.length === 0) return all;
        expect(next !== undefined && isCursor(next)).toBe(true);
        all.push(...ids);
        cursor = next;
      }
    },
    continueFrom: (from: string): void => {
      cursor = from;
    },
  };
};

describe("the simulator's ledger", () => {
  it("enters an order once, and gives its result once, when it is out", async () => {
    const { ledger, entry, enter, read } = await auction();
    await enter(30, 3);
    await enter(10, 1);
    await ok(ledger.enter(entry(4, 15, "refused")));
    await enter(20, 2);
    await enter(58, 5);
    expect(await ok(ledger.enter({ ...entry(1, 50), power: order(1, "P", 7).power }))).toEqual(entry(1, 10));
    expect(await read(60, 2)).toEqual([1, 2, 3]);
    expect(await read(60)).toEqual([]);
    expect(await read(64)).toEqual([5]);
  });

  it("gives a page again, whole or in smaller ones, to whoever asks from the same place", async () => {
    const { enter, page } = await auction();
    await enter(1, 1, 2, 3, 4, 5);
    const first = await page(60, 5);
    await enter(1, 6);
    expect(await page(60, 5)).toEqual({ ...first, datedAhead: 0 });
    const part = await page(60, 2);
    expect(part.ids).toEqual([1, 2]);
    const rest = await page(60, 10, part.next);
    expect(rest.ids).toEqual([3, 4, 5]);
    expect((await page(60, 10, rest.next)).ids).toEqual([6]);
    expect((await page(60, 10, "p500")).ids).toEqual([]);
  });

  it.each([
    ["ten seconds", 10],
    ["two hours", 7_200],
    ["a day", 86_400],
  ])(
    "loses no result when the clock goes %s back, and keeps none back longer than a delay",
    async (_, back) => {
      const { enter, read } = await auction();
      await enter(0, 1, 2);
      expect(await read(6)).toEqual([1, 2]);
      await enter(6, 3);
      await enter(6 - back, 4);
      expect(await read(11 - back)).toContain(4);
      await enter(20 - back, 5);
      const rest = [...(await read(16 - back)), ...(await read(30 - back))];
      expect(rest).toContain(5);
      expect(await read(30)).toEqual([]);
    },
  );

  it("says when results are dated by a clock that ran ahead", async () => {
    const { enter, page } = await auction();
    await enter(7_200, 1);
    await enter(0, 2);
    expect(await page(6, 10)).toMatchObject({ ids: [2, 1], datedAhead: 1 });
  });

  it("gives every result to parallel readers, each once", async () => {
    const { enter, page } = await auction();
    await enter(1, ...Array.from({ length: 30 }, (_, index) => index + 1));
    const reader = async (): Promise<ReadonlyArray<number>> => {
      const all: number[] = [];
      let from: string | undefined;
      for (;;) {
        const { ids, next } = await page(60, 4, from);
        if (ids.length === 0) return all.sort((a, b) => a - b);
        all.push(...ids);
        from = next;
      }
    };
    const all = await Promise.all([reader(), reader(), reader()]);
    for (const each of all)
      expect(new Set(each)).toEqual(new Set(Array.from({ length: 30 }, (_, i) => i + 1)));
  });

  it("goes on after a crash between a page and what was to be taken out for it", async () => {
    const { name, ledger, enter, entry, read } = await auction();
    await enter(1, 1, 2);
    expect(await read(60)).toEqual([1, 2]);
    // As if it had never been taken out.
    await new DynamoDBClient({}).send(new PutItemCommand({ TableName: name, Item: itemOf(entry(1, 1)) }));
    expect(await read(60)).toEqual([]);
    await ok(ledger.enter(entry(3, 2)));
    expect(await read(60)).toEqual([3]);
  });

  it("gives what waits behind the results of the page before, which nobody took out yet", async () => {
    const { name, enter, entry, page } = await auction();
    await enter(1, 1, 2, 3, 4);
    const { ids, next } = await page(60, 2);
    expect(ids).toEqual([1, 2]);
    for (const id of ids)
      await new DynamoDBClient({}).send(new PutItemCommand({ TableName: name, Item: itemOf(entry(id, 1)) }));
    expect(await page(60, 2, next)).toMatchObject({ ids: [3, 4] });
  });

  it("gives a preliminary result when it is out, and the final one once later, through a crash in between", async () => {
    const { name, ledger, entry, enter, page } = await auction();
    const both: Entry = {
      ...entry(1, 0, "rejected"),
      reason: "no liquidity",
      final_at: at(20).toISOString(),
    };
    await ok(ledger.enter(both));
    const ask = (second: number, cursor?: string) =>
      ok(
        ledger.results({
          now: at(second),
          longestDelayMs: 60_000,
          limit: 10,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
    const first = await ask(6);
    expect(first.results).toEqual([{ ...order(1), status: "accepted", final: false }]);
    expect((await ask(10, first.cursor)).results).toEqual([]);
    // As if it had never been taken out.
    await new DynamoDBClient({}).send(new PutItemCommand({ TableName: name, Item: itemOf(both) }));
    await enter(6, 2);
    const second = await ask(12, first.cursor);
    expect(second.results).toEqual([{ ...order(2), status: "accepted" }]);
    const third = await ask(21, second.cursor);
    expect(third.results).toEqual([{ ...order(1), status: "rejected", reason: "no liquidity" }]);
    expect((await ask(90, third.cursor)).results).toEqual([]);
    expect((await page(90, 10)).ids).toEqual([1]);
  });

  it("gives the final result although the page before has the preliminary one", async () => {
    const { ledger, entry } = await auction();
    await ok(ledger.enter({ ...entry(1, 0), awarded_power: 1, final_at: at(7).toISOString() }));
    const query = { longestDelayMs: 60_000, limit: 10 };
    const { cursor = "" } = await ok(ledger.results({ ...query, now: at(6) }));
    expect((await ok(ledger.results({ ...query, now: at(8), cursor }))).results).toEqual([
      { ...order(1), status: "accepted", awarded_power: 1 },
    ]);
  });

  it("goes on from a cursor of the first release, with the results that were entered then", async () => {
    const { name, enter, entry, read, continueFrom } = await auction();
    const earlier = async (id: number, second: number): Promise<string> => {
      const item = itemOf(entry(id, second));
      await new DynamoDBClient({}).send(
        new PutItemCommand({ TableName: name, Item: { ...item, feed: { S: "results" } } }),
      );
      return item.decided_since?.S ?? "";
    };
    await earlier(1, 1);
    continueFrom(await earlier(2, 2));
    await earlier(3, 3);
    await enter(4, 4);
    expect(await read(60)).toEqual([3, 4]);
    expect(await read(60)).toEqual([]);
  });
});

describe("an order that is withdrawn", () => {
  it("gets no result, and does not come back when it is sent again", async () => {
    const { ledger, entry, enter, read } = await auction();
    const { order_id } = order(1);
    await enter(10, 1, 2);
    expect(await ok(ledger.withdraw(order_id, at(11)))).toBe(true);
    expect(await ok(ledger.withdraw(order_id, at(12)))).toBe(true);
    expect(await ok(ledger.enter(entry(1, 13)))).toEqual(entry(1, 10));
    expect(await read(60)).toEqual([2]);
    expect(await ok(ledger.withdraw(order_id, at(61)))).toBe(true);
  });

  it("is given back only until its result is out, and only where it is there", async () => {
    const { ledger, entry, enter, read } = await auction();
    await enter(10, 1);
    await ok(ledger.enter(entry(2, 10, "refused")));
    expect(await read(60)).toEqual([1]);
    for (const id of [1, 2, 3]) expect(await ok(ledger.withdraw(order(id).order_id, at(61)))).toBe(false);
  });

  it("is never on a page, however withdrawals and reading interleave", async () => {
    const { ledger, enter, page } = await auction();
    const ids = Array.from({ length: 20 }, (_, index) => index + 1);
    await enter(10, ...ids);
    const [withdrawn, ...pages] = await Promise.all([
      Promise.all(
        ids.map(async (id) => ((await ok(ledger.withdraw(order(id).order_id, at(20)))) ? [id] : [])),
      ).then((each) => each.flat()),
      ...Array.from({ length: 2 }, () => page(20, 100)),
    ]);
    const out = (await page(30, 100)).ids;
    const more = (await page(30, 100, "p1")).ids;
    const published = new Set([...pages.flatMap(({ ids: some }) => some), ...out, ...more]);
    expect(withdrawn.filter((id) => published.has(id))).toEqual([]);
    expect(ids.filter((id) => !published.has(id) && !withdrawn.includes(id))).toEqual([]);
  });
});
