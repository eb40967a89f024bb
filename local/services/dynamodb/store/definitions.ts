import type { Store, Table } from "dynalite/db/index.js";
import type { TableLevel } from "./table-level";

/** Every action on an item asks for its table's definition, which seldom changes. Changes the store in place. */
export const rememberDefinitions = (store: Store, level: TableLevel): void => {
  const { getTable } = store;
  const known = new Map<string, { readonly change: number; readonly table: Table }>();
  store.getTable = (name, checked, done) => {
    if (checked === false) {
      getTable(name, checked, done);
      return;
    }
    const change = level.definitionsChanged;
    const before = known.get(name);
    if (before?.change === change) {
      checked(null, before.table);
      return;
    }
    getTable(name, (error, table) => {
      if (!error) known.set(name, { change, table });
      checked(error, table);
    });
  };
};
