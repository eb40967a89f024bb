/** BatchExecuteStatement, which dynalite does not know: each statement as the operation that does the same. */
// The order matters: dynalite opens its database when it is loaded.
import "../store/level-export";
import getItem from "dynalite/actions/getItem.js";
import putItem from "dynalite/actions/putItem.js";
import updateItem from "dynalite/actions/updateItem.js";
import db, { type Table, type Store } from "dynalite/db/index.js";
import getItemRules from "dynalite/validations/getItem.js";
import validations from "dynalite/validations/index.js";
import putItemRules from "dynalite/validations/putItem.js";
import updateItemRules from "dynalite/validations/updateItem.js";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as t from "io-ts";
import { remembering } from "../../../remembering";
import { type Asked, readBatch } from "./batch";
import { type Operation, translate } from "./translate";

const OPERATIONS = {
  GetItem: { act: getItem, rules: getItemRules },
  PutItem: { act: putItem, rules: putItemRules },
  UpdateItem: { act: updateItem, rules: updateItemRules },
};

const Refused = t.type({
  body: t.intersection([
    t.type({ __type: t.string }),
    t.partial({ message: t.string, Item: t.UnknownRecord }),
  ]),
});

export type Outcome = {
  readonly TableName: string;
  readonly Item?: unknown;
  readonly Error?: { readonly Code: string; readonly Message: string; readonly Item?: unknown };
};

/** A refusal as batches tell it; what is none is thrown on. */
const failure = (thrown: unknown, { statement }: Asked): NonNullable<Outcome["Error"]> => {
  if (!Refused.is(thrown)) throw thrown;
  const { __type, message = "", Item } = thrown.body;
  const code = (__type.split("#")[1] ?? __type).replace(/Exception$/, "");
  if (code === "ConditionalCheckFailed" && statement._tag === "Insert")
    return { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" };
  return {
    Code: /^(Validation|Serialization)$/.test(code) ? "ValidationError" : code,
    Message: message,
    ...(Item === undefined ? {} : { Item }),
  };
};

const called = <A>(call: (done: (error: unknown, answer: A) => void) => void): Promise<A> =>
  new Promise((resolve, reject) => {
    call((error, answer) => {
      // dynalite's errors are Errors that carry what to answer.
      if (error instanceof Error) reject(error);
      else resolve(answer);
    });
  });

const perform = async (store: Store, { name, input }: Operation): Promise<Pick<Outcome, "Item">> => {
  const { act, rules } = OPERATIONS[name];
  const data = validations.checkTypes({ ...input }, rules.types);
  validations.checkValidations(data, rules.types, rules.custom, store);
  const { Item } = await called<{ readonly Item?: unknown }>((done) => act(store, data, done));
  return Item === undefined ? {} : { Item };
};

type Ready = { readonly operation: Operation; readonly itemKey: string };

/** What a statement will do, and on which item; or why it does nothing. */
const prepare = async (
  asked: Asked,
  named: (name: string) => Promise<Table>,
): Promise<E.Either<unknown, Ready>> => {
  const TableName = asked.statement.table;
  try {
    const table = await named(TableName);
    return pipe(
      translate(asked, table),
      E.mapLeft(db.validationError),
      E.flatMap((operation) => {
        const invalid = db.validateKey(operation.key, table);
        return invalid
          ? E.left(invalid)
          : E.right({ operation, itemKey: `${TableName}/${db.createKey(operation.key, table)}` });
      }),
    );
  } catch (refusal) {
    return E.left(refusal);
  }
};

/** The places, from 1, of statements for an item that another one is for, too. */
const repeated = (prepared: ReadonlyArray<E.Either<unknown, Ready>>): ReadonlyArray<number> => {
  const keys = prepared.map((one) => (E.isRight(one) ? one.right.itemKey : undefined));
  return keys.flatMap((key, index) =>
    key !== undefined && keys.indexOf(key) !== keys.lastIndexOf(key) ? [index + 1] : [],
  );
};

/** The outcome of each statement, or why none was run. */
export const executeBatch = async (
  store: Store,
  body: unknown,
): Promise<E.Either<string, ReadonlyArray<Outcome>>> => {
  const batch = readBatch(body);
  if (E.isLeft(batch)) return batch;
  const tables = remembering<Promise<Table>>();
  const named = (name: string) => tables(name, () => called<Table>((done) => store.getTable(name, done)));
  const prepared = await Promise.all(batch.right.map((asked) => prepare(asked, named)));
  const twice = repeated(prepared);
  if (twice.length > 0)
    return E.left(`Provided list of item keys contains duplicates: statements ${twice.join(", ")}`);
  const outcome = async ([asked, ready]: readonly [Asked, E.Either<unknown, Ready>]): Promise<Outcome> => {
    const TableName = asked.statement.table;
    if (E.isLeft(ready)) return { TableName, Error: failure(ready.left, asked) };
    return perform(store, ready.right.operation).then(
      (done) => ({ TableName, ...done }),
      (thrown: unknown) => ({ TableName, Error: failure(thrown, asked) }),
    );
  };
  return E.right(await Promise.all(RA.zip(batch.right, prepared).map(outcome)));
};
