/** What dynalite accepts and DynamoDB refuses, or answers otherwise. */
// The order matters: dynalite opens its database when it is loaded.
import "./store/level-export";
import db, { type Item, type Table, type NestedPaths, type Refusal } from "dynalite/db/index.js";
import deleteItem from "dynalite/validations/deleteItem.js";
import putItem from "dynalite/validations/putItem.js";
import query from "dynalite/validations/query.js";
import updateItem from "dynalite/validations/updateItem.js";
import * as t from "io-ts";

const EmptyKey = t.union([t.type({ S: t.literal("") }), t.type({ B: t.literal("") })]);
const Numeric = t.type({ N: t.string });

/** An index has no entry under an empty key, and DynamoDB none without saying so. */
const emptyKey = (table: Table, item: Item): string | undefined => {
  for (const { IndexName, KeySchema } of [
    ...(table.GlobalSecondaryIndexes ?? []),
    ...(table.LocalSecondaryIndexes ?? []),
  ])
    for (const { AttributeName } of KeySchema)
      if (EmptyKey.is(item[AttributeName]))
        return `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string or binary value. IndexName: ${IndexName}, IndexKey: ${AttributeName}`;
  return undefined;
};

/** In the canonical form in which numbers are stored. */
const isTooLong = (number: string): boolean => {
  const [whole = "", fraction = ""] = number.replace("-", "").split(".");
  return whole.length > 126 || `${whole}${fraction}`.replace(/^0+|0+$/g, "").length > 38;
};

/** What a request could not contain, and its sums and copies would store all the same. */
export const unstorable = (table: Table, item: Item): Error | undefined => {
  const empty = emptyKey(table, item);
  if (empty !== undefined) return db.validationError(empty);
  return Object.values(item).some((value) => Numeric.is(value) && isTooLong(value.N))
    ? db.validationError(
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
      )
    : undefined;
};

const returnOldItems = (): void => {
  for (const { types } of [putItem, updateItem, deleteItem])
    types["ReturnValuesOnConditionCheckFailure"] = { type: "String", enum: ["ALL_OLD", "NONE"] };
  const { checkConditional } = db;
  db.checkConditional = (input, existing) => {
    const refusal = checkConditional(input, existing);
    if (refusal && existing !== undefined && input.ReturnValuesOnConditionCheckFailure === "ALL_OLD")
      refusal.body = { ...refusal.body, Item: existing };
    return refusal;
  };
};

type Asked = { readonly IndexName: string; readonly attributes: ReadonlyArray<string> };

const unprojected = (
  { IndexName, attributes }: Asked,
  { KeySchema, GlobalSecondaryIndexes = [] }: Table,
): Refusal | undefined => {
  const index = GlobalSecondaryIndexes.find((one) => one.IndexName === IndexName);
  if (index === undefined || index.Projection.ProjectionType === "ALL") return undefined;
  const held = new Set([
    ...[...KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName),
    ...(index.Projection.NonKeyAttributes ?? []),
  ]);
  const missing = attributes.filter((name) => !held.has(name));
  return missing.length === 0
    ? undefined
    : db.validationError(
        `One or more parameter values were invalid: Global secondary index ${IndexName} does not project [${missing.join(", ")}]`,
      );
};

/** A projection is validated before its table is known: what it asks for is kept until then. */
const refuseUnprojected = (): void => {
  const asked = new WeakMap<NestedPaths, Asked>();
  const { custom } = query;
  query.custom = (input, store) => {
    const message = custom(input, store);
    const { IndexName, _projection: projection } = input;
    if (IndexName !== undefined && projection !== undefined)
      asked.set(projection.nestedPaths, {
        IndexName,
        attributes: projection.paths.map(([head]) => String(head)),
      });
    return message;
  };
  const { validateKeyPaths } = db;
  db.validateKeyPaths = (nested, table) => {
    const projection = nested === undefined ? undefined : asked.get(nested);
    return (projection && unprojected(projection, table)) ?? validateKeyPaths(nested, table);
  };
};

/** Changes dynalite in place. */
export const refuseAsDynamo = (): void => {
  returnOldItems();
  refuseUnprojected();
};
