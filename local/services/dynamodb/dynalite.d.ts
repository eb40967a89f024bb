declare module "dynalite" {
  import type { Server } from "node:http";
  /** https://github.com/architect/dynalite: without a path, tables are held in memory. */
  const dynalite: (options: {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }) => Server;
  export default dynalite;
}

declare module "dynalite/db/index.js" {
  export type Item = Readonly<Record<string, unknown>>;
  export type Index = { readonly IndexName: string };
  /** A table as `CreateTable` was given it. */
  export type Table = {
    readonly TableName: string;
    readonly GlobalSecondaryIndexes?: ReadonlyArray<Index>;
    readonly LocalSecondaryIndexes?: ReadonlyArray<Index>;
  };
  const db: {
    readonly createKey: (item: Item, table: Table) => string;
    /** The entries of indexes that an item has, and those of the item before it that go. */
    readonly getIndexActions: (
      indexes: ReadonlyArray<Index>,
      before: Item | undefined | null,
      item: Item | undefined | null,
      table: Table,
    ) => {
      readonly puts: ReadonlyArray<{ readonly index: string; readonly key: string; readonly item: Item }>;
      readonly deletes: ReadonlyArray<{ readonly index: string; readonly key: string }>;
    };
    /** Called by every action right before it writes or deletes the item. */
    updateIndexes: (
      store: { readonly db: unknown },
      table: Table,
      before: Item | undefined | null,
      item: Item | undefined | null,
      done: (error?: Error) => void,
    ) => void;
  };
  export default db;
}
