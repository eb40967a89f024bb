import * as E from "fp-ts/Either";
import * as t from "io-ts";
import {
  access,
  field,
  jsonBody,
  operationOf,
  type Read,
  type ServiceRequest,
  targetOperation,
  unknown,
  unreadable,
} from "../../engine/wire/access";
import { arn } from "../../engine/location";
import { readBatch } from "./partiql/batch";

export const TARGET = "DynamoDB_20120810";

const ON_TABLE: ReadonlySet<string> = new Set([
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeContinuousBackups",
  "DescribeTable",
  "DescribeTimeToLive",
  "GetItem",
  "PutItem",
  "UpdateItem",
  "UpdateTable",
  "UpdateTimeToLive",
]);
const ON_TABLE_OR_INDEX: ReadonlySet<string> = new Set(["Query", "Scan"]);
const ON_TABLES: ReadonlySet<string> = new Set(["BatchGetItem", "BatchWriteItem"]);

/** A table is named by its name or its ARN. */
const tableArn = (request: ServiceRequest, table: string): string =>
  table.startsWith("arn:") ? table : arn("dynamodb", request, `table/${table}`);

/**
 * Each kind of statement is an action of its own. A batch that is not understood needs none: the table, which
 * reads it in the same way, refuses all of it with what is wrong.
 */
const readStatements = (request: ServiceRequest, body: unknown): Read => {
  const batch = readBatch(body);
  const kinds = new Map(
    (E.isRight(batch) ? batch.right : []).map(({ statement: { _tag, table } }) => {
      const one = access(`dynamodb:PartiQL${_tag}`, tableArn(request, table));
      return [`${one.action} ${one.resource}`, one];
    }),
  );
  return operationOf("BatchExecuteStatement", [...kinds.values()]);
};

/** Transactions and single statements are not served locally: refused as unknown operations. */
export const readDynamo = (request: ServiceRequest): Read => {
  const operation = targetOperation(request, TARGET);
  const action = `dynamodb:${operation}`;
  if (operation === "ListTables") return operationOf(operation, [access(action, "*")]);
  const single = ON_TABLE.has(operation) || ON_TABLE_OR_INDEX.has(operation);
  const statements = operation === "BatchExecuteStatement";
  if (!single && !statements && !ON_TABLES.has(operation)) return unknown(operation);

  const body = jsonBody(request.body);
  if (body === undefined) return unreadable(operation, "the body is no JSON object");
  if (statements) return readStatements(request, body);
  if (!single) {
    const tables = t.UnknownRecord.is(body["RequestItems"]) ? Object.keys(body["RequestItems"]) : [];
    if (tables.length === 0) return unreadable(operation, "no table in RequestItems");
    return operationOf(
      operation,
      tables.map((table) => access(action, tableArn(request, table))),
    );
  }
  const table = field(body, "TableName");
  if (table === undefined) return unreadable(operation, "no TableName");
  const index = ON_TABLE_OR_INDEX.has(operation) ? field(body, "IndexName") : undefined;
  const resource = tableArn(request, table);
  return operationOf(operation, [
    access(action, index === undefined ? resource : `${resource}/index/${index}`),
  ]);
};
