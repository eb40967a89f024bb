import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { arn, type Location } from "../../engine/location";
import { access, field } from "../../engine/wire/access";
import { inJson, named, type Needs, on, readOperations, type Resources } from "../../engine/wire/operations";
import { readBatch } from "./partiql/batch";

export const TARGET = "DynamoDB_20120810";

/** A table is named by its name or its ARN. */
const tableArn = (table: string, location: Location): string =>
  table.startsWith("arn:") ? table : arn("dynamodb", location, `table/${table}`);

const table = on(named("TableName", tableArn));

const tableOrIndex = on((fields, location) => {
  const index = field(fields, "IndexName");
  const within = index === undefined ? "" : `/index/${index}`;
  return named("TableName", (name) => `${tableArn(name, location)}${within}`)(fields, location);
});

const tables: Resources = ({ RequestItems: items }, location) => {
  const names = t.UnknownRecord.is(items) ? Object.keys(items) : [];
  return names.length === 0
    ? E.left("no table in RequestItems")
    : E.right(names.map((name) => tableArn(name, location)));
};

/**
 * Each kind of statement is an action of its own. A batch that is not understood needs none: the table, which
 * reads it in the same way, refuses all of it with what is wrong.
 */
const statements: Needs = ({ fields, location }) => {
  const batch = readBatch(fields);
  const kinds = new Map(
    (E.isRight(batch) ? batch.right : []).map(({ statement: { _tag, table: name } }) => {
      const one = access(`dynamodb:PartiQL${_tag}`, tableArn(name, location));
      return [`${one.action} ${one.resource}`, one];
    }),
  );
  return E.right([...kinds.values()]);
};

/** Transactions and single statements are not served locally: refused as unknown operations. */
export const readDynamo = readOperations("dynamodb", inJson(TARGET), {
  BatchExecuteStatement: statements,
  BatchGetItem: on(tables),
  BatchWriteItem: on(tables),
  CreateTable: table,
  DeleteItem: table,
  DeleteTable: table,
  DescribeContinuousBackups: table,
  DescribeTable: table,
  DescribeTimeToLive: table,
  GetItem: table,
  ListTables: "*",
  PutItem: table,
  Query: tableOrIndex,
  Scan: tableOrIndex,
  UpdateItem: table,
  UpdateTable: table,
  UpdateTimeToLive: table,
});
