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
  type Keyed = { readonly KeySchema: ReadonlyArray<{ readonly AttributeName: string }> };
  export type Index = Keyed & {
    readonly IndexName: string;
    readonly Projection: {
      readonly ProjectionType: string;
      readonly NonKeyAttributes?: ReadonlyArray<string>;
    };
  };
  /** A table as `CreateTable` was given it. */
  export type Table = Keyed & {
    readonly TableName: string;
    readonly GlobalSecondaryIndexes?: ReadonlyArray<Index>;
    readonly LocalSecondaryIndexes?: ReadonlyArray<Index>;
  };
  /** An error that is answered: its `body` as it is. */
  export type Refusal = Error & { body: Readonly<Record<string, unknown>> };
  /** The attributes of an expression that are looked into. */
  export type NestedPaths = Readonly<Record<string, boolean>>;
  type Asking = {
    readonly TableName: string;
    readonly IndexName?: string;
    readonly ReturnConsumedCapacity?: string;
  };
  type Consumed = { readonly CapacityUnits: number };
  export type TableDone = (error: unknown, table: Table) => void;
  /** The tables of one server. */
  export type Store = {
    readonly db: unknown;
    /** Called with a callback alone by every action on items, which change nothing of what they get. */
    getTable: (name: string, checked: TableDone | false, done?: TableDone) => void;
  };
  const db: {
    /** Called once by each server that is made. */
    create: (options: unknown) => Store;
    readonly validateKey: (key: Item, table: Table) => Refusal | undefined | null;
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
    readonly validationError: (message: string) => Refusal;
    readonly capacityUnits: (item: Item | undefined, isRead: boolean, isConsistent?: boolean) => number;
    /** Called by every action on one item, once it has been read or written; answers whoever asked for it. */
    addConsumedCapacity: (
      input: Asking,
      isRead: boolean,
      item: Item | undefined | null,
      before?: Item | null,
    ) => Consumed | undefined;
    /** Called by every query and scan. */
    queryTable: (
      store: unknown,
      table: unknown,
      input: Asking,
      options: unknown,
      isLocal: unknown,
      fetchFromItemDb: unknown,
      startKeyNames: unknown,
      done: (error: unknown, answer?: { readonly ConsumedCapacity?: Consumed }) => void,
    ) => void;
    /** Called by every conditional write, once it knows the item that is there. */
    checkConditional: (
      input: { readonly TableName: string; readonly ReturnValuesOnConditionCheckFailure?: string },
      existing: Item | undefined,
    ) => Refusal | undefined | null;
    /** Called by every query, of its projection first. */
    validateKeyPaths: (nested: NestedPaths | undefined, table: Table) => Refusal | undefined | null;
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

declare module "dynalite/db/updateParser.js" {
  type Named<A> = Readonly<Record<string, A>>;
  /** What it understood, made with the values as they are; or why it refuses. Throws on what is no expression. */
  export type Parse = (
    text: string,
    options: {
      readonly context: {
        readonly attrNames?: Named<string>;
        readonly attrVals?: Named<object>;
        /** What is used is deleted. */
        readonly unusedAttrNames: Record<string, true>;
        readonly unusedAttrVals: Record<string, true>;
        readonly isReserved: (name: string) => boolean;
        readonly compare: unknown;
      };
    },
  ) => unknown;
  const parser: { parse: Parse };
  export default parser;
}

declare module "dynalite/db/conditionParser.js" {
  import type parser from "dynalite/db/updateParser.js";
  const conditions: typeof parser;
  export default conditions;
}

declare module "dynalite/actions/*" {
  import type { Store } from "dynalite/db/index.js";
  const act: (
    store: Store,
    input: Record<string, unknown>,
    done: (error: unknown, answer: { readonly Item?: unknown }) => void,
  ) => void;
  export default act;
}

declare module "dynalite/validations/index.js" {
  import type { Store } from "dynalite/db/index.js";
  import type validation from "dynalite/validations/*";
  type Rules = typeof validation;
  const validations: {
    /** What it knows of an input; what else is in it is dropped. Throws a refusal. */
    readonly checkTypes: (input: Record<string, unknown>, types: Rules["types"]) => Record<string, unknown>;
    /** Throws a refusal. */
    readonly checkValidations: (
      input: Record<string, unknown>,
      types: Rules["types"],
      custom: Rules["custom"],
      store: Store,
    ) => void;
  };
  export default validations;
}

declare module "dynalite/validations/*" {
  import type { NestedPaths } from "dynalite/db/index.js";
  /** How a request is validated: its fields, and what they have to be together. A message refuses it. */
  const validation: {
    readonly types: Record<string, { readonly type: "String"; readonly enum: ReadonlyArray<string> }>;
    custom: (
      input: {
        readonly IndexName?: string;
        /** Made of the expression once it was validated: paths, each of names and places in lists. */
        readonly _projection?: {
          readonly paths: ReadonlyArray<ReadonlyArray<string | number>>;
          readonly nestedPaths: NestedPaths;
        };
      },
      store: unknown,
    ) => string | undefined;
  };
  export default validation;
}
