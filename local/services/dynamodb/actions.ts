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

/** Transactions, streams and PartiQL are not served locally: refused as unknown operations. */
export const readDynamo = (request: ServiceRequest): Read => {
  const operation = targetOperation(request, TARGET);
  const action = `dynamodb:${operation}`;
  if (operation === "ListTables") return operationOf(operation, [access(action, "*")]);
  const single = ON_TABLE.has(operation) || ON_TABLE_OR_INDEX.has(operation);
  if (!single && !ON_TABLES.has(operation)) return unknown(operation);

  const body = jsonBody(request.body);
  if (body === undefined) return unreadable(operation, "the body is no JSON object");
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
