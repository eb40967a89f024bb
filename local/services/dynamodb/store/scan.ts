/** Reads every entry of a table database: the one pass behind a start and a recovery. */
import type { ClassicLevel } from "classic-level";
import type { Item, Table } from "dynalite/db/index.js";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { TALLY, Tally, checksum, NOTHING, plus, tableOf, type Totals } from "./tally";
import { checkedJson } from "./checked-json";
import { indexWrites, itemKey } from "./index-entries";

const READ_AT_ONCE = 1_000;
const PROGRESS_MS = 1_000;

const KeySchema = t.readonlyArray(t.type({ AttributeName: t.string }));
const Index = t.type({
  IndexName: t.string,
  KeySchema,
  Projection: t.intersection([
    t.type({ ProjectionType: t.string }),
    t.partial({ NonKeyAttributes: t.readonlyArray(t.string) }),
  ]),
});
const TableDefinition = t.intersection([
  t.type({ TableName: t.string, KeySchema }),
  t.partial({
    GlobalSecondaryIndexes: t.readonlyArray(Index),
    LocalSecondaryIndexes: t.readonlyArray(Index),
  }),
]);

/** Releases without a tally wrote JSON alone. */
const decode = (stored: string): E.Either<string, { readonly value: unknown; readonly checked: boolean }> => {
  const checked = stored.lastIndexOf("\t") !== -1;
  return E.tryCatch(() => {
    const value: unknown = checked ? checkedJson.decode(stored) : JSON.parse(stored);
    return { value, checked };
  }, String);
};

export async function* entries(
  level: ClassicLevel,
  range: { readonly gte?: string; readonly lt?: string } = {},
): AsyncGenerator<readonly [string, string]> {
  const iterator = level.iterator(range);
  try {
    for (;;) {
      const some = await iterator.nextv(READ_AT_ONCE);
      if (some.length === 0) return;
      yield* some;
    }
  } finally {
    await iterator.close();
  }
}

const PREFIX = "table~";

const indexTable = (key: string): string => key.split("~")[1] ?? "";

/** @param progress told now and then how many entries have been read */
export const scan = async (level: ClassicLevel, progress: (entries: number) => void) => {
  const definitions = new Map<string, Table>();
  const tables = new Map<string, Totals>();
  const unreadable: string[] = [];
  const expected = new Map<string, Totals>();
  const found = new Map<string, Totals>();
  let tally: Tally | undefined;
  let unchecked = false;
  const add = (to: Map<string, Totals>, name: string, key: string, json: string): void => {
    to.set(name, plus(to.get(name) ?? NOTHING, checksum(key, json)));
  };

  for await (const [key, stored] of entries(level, { gte: PREFIX, lt: `${PREFIX}\uffff` })) {
    const decoded = decode(stored);
    if (E.isRight(decoded) && TableDefinition.is(decoded.right.value))
      definitions.set(key.slice(PREFIX.length), decoded.right.value);
  }

  const item = (key: string, name: string, value: Item, json: string): void => {
    add(tables, name, key, json);
    const table = definitions.get(name);
    if (table === undefined) return;
    if (itemKey(table, value) !== key) throw new Error("it is not where it belongs");
    for (const write of indexWrites(table, undefined, value))
      if (write.type === "put") add(expected, name, write.key, JSON.stringify(write.value));
  };

  let read = 0;
  let told = performance.now();
  for await (const [key, stored] of entries(level)) {
    read += 1;
    if (read % READ_AT_ONCE === 0 && performance.now() - told > PROGRESS_MS) {
      told = performance.now();
      progress(read);
    }
    const decoded = decode(stored);
    if (E.isLeft(decoded)) {
      unreadable.push(key);
      continue;
    }
    const { value, checked } = decoded.right;
    if (key === TALLY) {
      if (Tally.is(value)) tally = value;
      else unreadable.push(key);
      continue;
    }
    unchecked ||= !checked;
    const json = checked ? stored.slice(0, stored.lastIndexOf("\t")) : stored;
    if (key.startsWith("index-")) add(found, indexTable(key), key, json);
    const name = tableOf(key);
    if (name === undefined) continue;
    const entered = E.tryCatch(() => {
      if (!t.UnknownRecord.is(value)) throw new Error("it is no item");
      item(key, name, value, json);
    }, String);
    if (E.isLeft(entered)) unreadable.push(key);
  }
  const wrongIndexes = new Set(
    [...new Set([...expected.keys(), ...found.keys()])].filter((name) => {
      const [wanted, there] = [expected.get(name) ?? NOTHING, found.get(name) ?? NOTHING];
      return wanted.items !== there.items || wanted.sum !== there.sum;
    }),
  );
  return {
    tally,
    definitions,
    tables,
    /** Keys of damaged entries. */
    unreadable,
    /** Whether there are entries without a checksum, as releases without a tally wrote them. */
    unchecked,
    /** Tables whose indexes are not those of their items. */
    wrongIndexes,
  };
};

export type Scan = Awaited<ReturnType<typeof scan>>;
