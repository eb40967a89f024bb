/** The request units that reads and writes consume, as DynamoDB counts them. Runs in dynalite's thread. */
// The order matters: dynalite opens its database when it is loaded.
import "./store/level-export";
import db, { type Index, type Item, type KeyedTable } from "dynalite/db/index.js";
import type { Reading } from "../../engine/metrics";
import { TABLE_METRICS } from "./metrics";

type Maybe<A> = A | undefined | null;

/** An item's entry in an index: where it is, and what of the item it holds. */
const entryOf = (table: KeyedTable, index: Index, whole: Maybe<Item>) =>
  db.getIndexActions([index], undefined, whole, table).puts.map(({ key, item }) => ({
    key,
    // An attribute that an index holds and the item lacks.
    item: Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)),
  }))[0];

const unitsOf = (item: Maybe<Item>): number => db.capacityUnits(item ?? undefined, false);

/** dynalite makes the items of some actions without a prototype, and the attributes in any order. */
export const isSame = (one: Item, other: Item): boolean =>
  Object.keys({ ...one, ...other }).every(
    (name) => JSON.stringify(one[name]) === JSON.stringify(other[name]),
  );

/** An entry that moves is removed and put; one that holds nothing of what was changed is left alone. */
const indexUnits = (table: KeyedTable, index: Index, before: Maybe<Item>, item: Maybe<Item>): number => {
  const old = entryOf(table, index, before);
  const now = entryOf(table, index, item);
  if (old !== undefined && now !== undefined && old.key === now.key)
    return isSame(old.item, now.item) ? 0 : Math.max(unitsOf(old.item), unitsOf(now.item));
  return [old, now].reduce((sum, entry) => sum + (entry === undefined ? 0 : unitsOf(entry.item)), 0);
};

type Count = (readings: ReadonlyArray<Reading>) => void;
type Name = (typeof TABLE_METRICS.names)[number];

const reading = (name: Name, TableName: string, index: string | undefined, units: number): Reading => [
  {
    namespace: TABLE_METRICS.namespace,
    name,
    dimensions: { TableName, ...(index === undefined ? {} : { GlobalSecondaryIndexName: index }) },
  },
  units,
];

/** Of one write: the units of the table, and those of each index that it changes. */
export const writeReadings = (
  table: KeyedTable,
  before: Maybe<Item>,
  item: Maybe<Item>,
): ReadonlyArray<Reading> =>
  [
    [undefined, Math.max(unitsOf(before), unitsOf(item))] as const,
    ...(table.GlobalSecondaryIndexes ?? []).map(
      (index) => [index.IndexName, indexUnits(table, index, before, item)] as const,
    ),
  ]
    .filter(([, units]) => units > 0)
    .map(([index, units]) => reading("ConsumedWriteCapacityUnits", table.TableName, index, units));

/** A write whose condition does not hold consumes what the item that is there would. */
const countRefusedWrites = (count: Count): void => {
  const { checkConditional } = db;
  db.checkConditional = (input, existing) => {
    const refusal = checkConditional(input, existing);
    if (refusal)
      count([reading("ConsumedWriteCapacityUnits", input.TableName, undefined, unitsOf(existing))]);
    return refusal;
  };
};

/** dynalite works the units of a read out for those who ask for them. */
const countReads = (count: Count): void => {
  const { addConsumedCapacity, queryTable } = db;
  const read = (
    table: string,
    index: string | undefined,
    consumed: { readonly CapacityUnits: number } | undefined,
  ) => {
    count([reading("ConsumedReadCapacityUnits", table, index, consumed?.CapacityUnits ?? 0)]);
  };
  db.addConsumedCapacity = (data, isRead, ...items) => {
    const asking = { ...data, ReturnConsumedCapacity: "TOTAL" };
    if (isRead) read(data.TableName, undefined, addConsumedCapacity(asking, isRead, ...items));
    return addConsumedCapacity(data, isRead, ...items);
  };
  db.queryTable = (store, table, data, options, isLocal, fetch, start, done) => {
    const asked = data.ReturnConsumedCapacity;
    const asking = { ...data, ReturnConsumedCapacity: asked ?? "TOTAL" };
    queryTable(store, table, asking, options, isLocal, fetch, start, (error, answer) => {
      const { ConsumedCapacity: consumed, ...rest } = answer ?? {};
      if (answer !== undefined) read(data.TableName, data.IndexName, consumed);
      done(error, asked === undefined && answer !== undefined ? rest : answer);
    });
  };
};

/** Tells of everything but what `writeReadings` are told of. Changes dynalite in place. */
export const countUnits = (count: Count): void => {
  countRefusedWrites(count);
  countReads(count);
};
