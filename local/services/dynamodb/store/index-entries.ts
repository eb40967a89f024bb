// The order matters: dynalite opens its database when it is loaded.
import "./level-export";
import dynalite, { type Item, type Table } from "dynalite/db/index.js";
import type { Write } from "./table-level";

/** What changes in a table's indexes when an item replaces another, or is new. */
export const indexWrites = (
  table: Table,
  before: Item | undefined | null,
  item: Item | undefined | null,
): ReadonlyArray<Write> =>
  [
    { kind: "local", indexes: table.LocalSecondaryIndexes ?? [] },
    { kind: "global", indexes: table.GlobalSecondaryIndexes ?? [] },
  ].flatMap(({ kind, indexes }): ReadonlyArray<Write> => {
    const { puts, deletes } = dynalite.getIndexActions(indexes, before, item, table);
    const entry = (index: string, key: string): string => `index-${kind}~${table.TableName}~${index}~${key}`;
    return [
      ...deletes.map(({ index, key }) => ({ type: "del" as const, key: entry(index, key) })),
      ...puts.map(({ index, key, item: value }) => ({ type: "put" as const, key: entry(index, key), value })),
    ];
  });

export const itemKey = (table: Table, item: Item): string =>
  `item-${table.TableName}~${dynalite.createKey(item, table)}`;
