// The order matters: dynalite opens its database when it is loaded.
import "./level-export";
import dynalite, { type Item, type Index, type Table } from "dynalite/db/index.js";
import type { Write } from "./table-level";

export type Maybe<A> = A | undefined | null;

export const isSameValue = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** dynalite makes the items of some actions without a prototype, and the attributes in any order. */
export const isSame = (one: Item, other: Item): boolean =>
  Object.keys({ ...one, ...other }).every((name) => isSameValue(one[name], other[name]));

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
      .filter(({ before: old, now }) =>
        old === undefined || now === undefined ? old !== now : !isSameValue(old, now),
      ),
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
