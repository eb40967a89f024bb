/** The request units that reads and writes consume, as DynamoDB counts them. Runs in dynalite's thread. */
// The order matters: dynalite opens its database when it is loaded.
import "./store/level-export";
import db, { type Item, type Table } from "dynalite/db/index.js";
import type { Reading } from "../../engine/metrics";
import { TABLE_METRICS } from "./metrics";
import { type IndexChange, isSame, isSameValue, type Maybe } from "./store/index-entries";

const unitsOf = (item: Maybe<Item>): number => db.capacityUnits(item ?? undefined, false);

/** An entry that moves is removed and put; one that holds nothing of what was changed is left alone. */
const indexUnits = ({ index: { KeySchema }, before, now }: IndexChange): number => {
  const stays =
    before !== undefined &&
    now !== undefined &&
    KeySchema.every(({ AttributeName: key }) => isSameValue(before[key], now[key]));
  if (stays) return isSame(before, now) ? 0 : Math.max(unitsOf(before), unitsOf(now));
  return [before, now].reduce((sum, entry) => sum + (entry === undefined ? 0 : unitsOf(entry)), 0);
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
  { TableName }: Table,
  before: Maybe<Item>,
  item: Maybe<Item>,
  changes: ReadonlyArray<IndexChange>,
): ReadonlyArray<Reading> =>
  [
    [undefined, Math.max(unitsOf(before), unitsOf(item))] as const,
    ...changes
      .filter(({ kind }) => kind === "global")
      .map((change) => [change.index.IndexName, indexUnits(change)] as const),
  ]
    .filter(([, units]) => units > 0)
    .map(([index, units]) => reading("ConsumedWriteCapacityUnits", TableName, index, units));

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
