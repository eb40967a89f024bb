/**
 * What the streams of tables hold: each change of an item, written at once with the change, under a number that only
 * grows. Runs in dynalite's thread.
 */
// The order matters: dynalite opens its database when it is loaded.
import "../store/level-export";
import type { Item, Table } from "dynalite/db/index.js";
import * as t from "io-ts";
import { isSame, type Maybe } from "../store/index-entries";
import type { TableLevel, Write } from "../store/table-level";

/** How long AWS keeps a record. */
const KEPT_MS = 24 * 3_600_000;
const TRIM_MS = 600_000;
const TRIMMED_AT_ONCE = 1_000;

const Change = t.intersection([
  t.type({
    at: t.number,
    eventName: t.keyof({ INSERT: null, MODIFY: null, REMOVE: null }),
    Keys: t.UnknownRecord,
  }),
  t.partial({ OldImage: t.UnknownRecord, NewImage: t.UnknownRecord }),
]);
type Change = t.TypeOf<typeof Change>;
export type StreamRecord = Change & { readonly sequence: string };

/** As long as AWS's are at least: text order is the order of the changes. */
const sequenceOf = (written: number): string => String(written).padStart(21, "0");

const prefixOf = (table: string): string => `stream~${table}~`;
const rangeOf = (table: string, after = "") => ({
  gt: `${prefixOf(table)}${after}`,
  lt: `${prefixOf(table)}\uffff`,
});

const changeOf = (table: Table, before: Maybe<Item>, item: Maybe<Item>): Change | undefined => {
  const some = item ?? before;
  if (!some || (before && item && isSame(before, item))) return undefined;
  return {
    at: Date.now(),
    eventName: before ? (item ? "MODIFY" : "REMOVE") : "INSERT",
    Keys: Object.fromEntries(
      table.KeySchema.map(({ AttributeName }) => [AttributeName, some[AttributeName]]),
    ),
    ...(before ? { OldImage: before } : {}),
    ...(item ? { NewImage: item } : {}),
  };
};

/** The streams that tables have been given since the start. */
export type Streams = ReturnType<typeof makeStreams>;

export const makeStreams = () => {
  const given = new Set<string>();
  return {
    give: (level: TableLevel, table: string): void => {
      if (given.has(table)) return;
      given.add(table);
      const trimmed = (): void => void trim(level, table);
      trimmed();
      setInterval(trimmed, TRIM_MS).unref();
    },
    has: (table: string): boolean => given.has(table),
    /** What is written of a change; nothing of a table without a stream, or of an item that stays as it was. */
    record: (
      table: Table,
      before: Maybe<Item>,
      item: Maybe<Item>,
    ): ((written: number) => Write) | undefined => {
      const change = given.has(table.TableName) ? changeOf(table, before, item) : undefined;
      return change === undefined
        ? undefined
        : (written) => ({
            type: "put",
            key: `${prefixOf(table.TableName)}${sequenceOf(written)}`,
            value: change,
          });
    },
  };
};

/** The first records after one, by its sequence number; without it, the oldest. */
export const recordsAfter = async (
  level: TableLevel,
  table: string,
  after: string,
  limit: number,
): Promise<ReadonlyArray<StreamRecord>> =>
  (await level.first(rangeOf(table, after), limit)).flatMap(([key, change]) =>
    Change.is(change) ? [{ ...change, sequence: key.slice(prefixOf(table).length) }] : [],
  );

export const newestSequence = async (level: TableLevel, table: string): Promise<string> =>
  (await level.lastKey(rangeOf(table)))?.slice(prefixOf(table).length) ?? "";

/** Removes what AWS would not keep any longer. */
const trim = async (level: TableLevel, table: string): Promise<void> => {
  const oldest = await recordsAfter(level, table, "", TRIMMED_AT_ONCE);
  const old = oldest.findLast(({ at }) => at < Date.now() - KEPT_MS);
  if (old === undefined) return;
  await level.forget({ gt: prefixOf(table), lte: `${prefixOf(table)}${old.sequence}` });
  if (old === oldest.at(-1)) await trim(level, table);
};
