import type { Table } from "dynalite/db/index.js";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Asked, Value } from "./batch";
import type { Assignment, Condition, Statement } from "./statement";

/** A statement as the operation of the API that does the same. */
export type Operation = {
  readonly name: "PutItem" | "UpdateItem" | "GetItem";
  readonly key: Readonly<Record<string, Value>>;
  readonly input: Readonly<Record<string, unknown>>;
};

/** Gives names and values their places in expressions. */
const placeholders = (values: ReadonlyArray<Value>) => {
  const names = new Map<string, string>();
  const used: Record<string, Value | undefined> = {};
  return {
    name: (attribute: string): string => {
      const name = names.get(attribute) ?? `#n${names.size}`;
      names.set(attribute, name);
      return name;
    },
    value: (parameter: number): string => {
      used[`:p${parameter}`] = values[parameter];
      return `:p${parameter}`;
    },
    given: () => ({
      ExpressionAttributeNames: Object.fromEntries([...names].map(([attribute, name]) => [name, attribute])),
      ...(Object.keys(used).length === 0 ? {} : { ExpressionAttributeValues: used }),
    }),
  };
};
type Placeholders = ReturnType<typeof placeholders>;

/**
 * With no more brackets than it needs: dynalite reads what stands in brackets several times over, and what stands in
 * brackets there as often again.
 */
const expression = (condition: Condition, places: Placeholders): string => {
  const { name, value } = places;
  switch (condition._tag) {
    case "Compare":
      return `${name(condition.attribute)} ${condition.comparator} ${value(condition.parameter)}`;
    case "In":
      return `${name(condition.attribute)} IN (${condition.parameters.map(value).join(", ")})`;
    case "IsMissing":
      return `attribute_not_exists(${name(condition.attribute)})`;
    case "HasType":
      return `attribute_type(${name(condition.attribute)}, ${value(condition.parameter)})`;
    case "Not":
      return condition.condition._tag === "IsMissing"
        ? `attribute_exists(${name(condition.condition.attribute)})`
        : `NOT (${expression(condition.condition, places)})`;
    case "And":
      return condition.conditions
        .map((one) => (one._tag === "Or" ? `(${expression(one, places)})` : expression(one, places)))
        .join(" AND ");
    case "Or":
      return condition.conditions.map((one) => expression(one, places)).join(" OR ");
  }
};

const conjuncts = (where: Condition): ReadonlyArray<Condition> =>
  where._tag === "And" ? where.conditions.flatMap(conjuncts) : [where];

type Selected = {
  readonly key: Readonly<Record<string, Value>>;
  readonly rest: ReadonlyArray<Condition>;
};

/** The key that a condition demands, and what it demands besides. */
const selected = (
  where: Condition,
  keys: ReadonlyArray<string>,
  values: ReadonlyArray<Value>,
): E.Either<string, Selected> => {
  const key: Record<string, Value> = {};
  const rest: Condition[] = [];
  for (const one of conjuncts(where)) {
    const value =
      one._tag === "Compare" &&
      one.comparator === "=" &&
      keys.includes(one.attribute) &&
      !Object.hasOwn(key, one.attribute)
        ? values[one.parameter]
        : undefined;
    if (one._tag === "Compare" && value !== undefined) key[one.attribute] = value;
    else rest.push(one);
  }
  const missing = keys.filter((name) => !Object.hasOwn(key, name));
  return missing.length === 0
    ? E.right({ key, rest })
    : E.left(
        `Where clause does not contain a mandatory equality on all key attributes: ${missing.join(", ")} is missing`,
      );
};

const setting = ({ name, value }: Placeholders, { attribute, parameter, addTo }: Assignment): string =>
  `${name(attribute)} = ${addTo === undefined ? "" : `${name(addTo)} + `}${value(parameter)}`;

const clause = (word: string, parts: ReadonlyArray<string>): string =>
  parts.length === 0 ? "" : `${word} ${parts.join(", ")} `;

type Of<Tag> = Extract<Statement, { readonly _tag: Tag }>;

/** An item of the same key is no new one. */
const put = (
  statement: Of<"Insert">,
  values: ReadonlyArray<Value>,
  keys: ReadonlyArray<string>,
): E.Either<string, Operation> => {
  const item = Object.fromEntries(
    statement.values.map(({ attribute, parameter }) => [attribute, values[parameter] ?? {}]),
  );
  if (Object.keys(item).length < statement.values.length) return E.left("an attribute comes twice in VALUE");
  const places = placeholders(values);
  const ConditionExpression = expression({ _tag: "IsMissing", attribute: keys[0] ?? "" }, places);
  return E.right({
    name: "PutItem",
    key: Object.fromEntries(keys.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]]))),
    input: { TableName: statement.table, Item: item, ConditionExpression, ...places.given() },
  });
};

/** What is not there is not updated. */
const update = (
  statement: Of<"Update">,
  { values, returnsOld }: Asked,
  { key, rest }: Selected,
): Operation => {
  const places = placeholders(values);
  const isThere = Object.keys(key).map((attribute): Condition => ({
    _tag: "Not",
    condition: { _tag: "IsMissing", attribute },
  }));
  const input = {
    TableName: statement.table,
    Key: key,
    UpdateExpression: [
      clause(
        "SET",
        statement.set.map((one) => setting(places, one)),
      ),
      clause("REMOVE", statement.remove.map(places.name)),
    ].join(""),
    ConditionExpression: expression({ _tag: "And", conditions: [...isThere, ...rest] }, places),
    ReturnValuesOnConditionCheckFailure: returnsOld ? "ALL_OLD" : "NONE",
  };
  return { name: "UpdateItem", key, input: { ...input, ...places.given() } };
};

/** A batch reads by keys alone. */
const get = (
  { table: TableName }: Of<"Select">,
  { consistent }: Asked,
  { key, rest }: Selected,
): E.Either<string, Operation> =>
  rest.length === 0
    ? E.right({ name: "GetItem", key, input: { TableName, Key: key, ConsistentRead: consistent } })
    : E.left("SELECT has the key in its WHERE and, at the local table, nothing besides");

export const translate = (asked: Asked, table: Table): E.Either<string, Operation> => {
  const { statement, values } = asked;
  const keys = table.KeySchema.map(({ AttributeName }) => AttributeName);
  if (statement._tag === "Insert") return put(statement, values, keys);
  return pipe(
    selected(statement.where, keys, values),
    E.flatMap((found) =>
      statement._tag === "Select" ? get(statement, asked, found) : E.right(update(statement, asked, found)),
    ),
  );
};
