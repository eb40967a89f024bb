// The order matters: dynalite opens its database when it is loaded.
import "./level-export";
import dynalite, { type Item, type Index, type Table } from "dynalite/db/index.js";
import type { Write } from "./table-level";

type Maybe<A> = A | undefined | null;

/** dynalite makes the items of some actions without a prototype, and the attributes in any order. */
export const isSame = (one: Item, other: Item): boolean =>
  Object.keys({ ...one, ...other }).every(
    (name) => one[name] === other[name] || JSON.stringify(one[name]) === JSON.stringify(other[name]),
  );

/** What an index holds of an item; nothing of one that lacks a key of it. */
const held = (table: Table, { KeySchema, Projection }: Index, item: Maybe<Item>) => {
  if (!item || KeySchema.some(({ AttributeName }) => item[AttributeName] === undefined)) return undefined;
  if (Projection.ProjectionType === "ALL") return item;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  return Object.fromEntries(
    [...keys, ...(Projection.NonKeyAttributes ?? [])]
      .filter((name) => item[name] !== undefined)
      .map((name) => [name, item[name]]),
  );
};

export type IndexChange = {
  readonly kind: "local" | "global";
  readonly index: Index;
  readonly before: Item | undefined;
  readonly now: Item | undefined;
};

/** The indexes in which something changes when an item replaces another, is new, or goes. */
export const indexChanges = (
  table: Table,
  before: Maybe<Item>,
  item: Maybe<Item>,
): ReadonlyArray<IndexChange> =>
  [
    { kind: "local" as const, indexes: table.LocalSecondaryIndexes ?? [] },
    { kind: "global" as const, indexes: table.GlobalSecondaryIndexes ?? [] },
  ].flatMap(({ kind, indexes }) =>
    indexes
      .map((index) => ({
        kind,
        index,
        before: held(table, index, before),
        now: held(table, index, item),
      }))
      // As text: what is written again in another order has another checksum.
      .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.now)),
  );

export const indexWrites = (
  table: Table,
  before: Maybe<Item>,
  item: Maybe<Item>,
  changes = indexChanges(table, before, item),
): ReadonlyArray<Write> =>
  changes.flatMap(({ kind, index }): ReadonlyArray<Write> => {
    const { puts, deletes } = dynalite.getIndexActions([index], before, item, table);
    const entry = (key: string): string => `index-${kind}~${table.TableName}~${index.IndexName}~${key}`;
    return [
      ...deletes.map(({ key }) => ({ type: "del" as const, key: entry(key) })),
      ...puts.map(({ key, item: value }) => ({ type: "put" as const, key: entry(key), value })),
    ];
  });

export const itemKey = (table: Table, item: Item): string =>
  `item-${table.TableName}~${dynalite.createKey(item, table)}`;
