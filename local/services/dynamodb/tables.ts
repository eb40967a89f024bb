import * as t from "io-ts";
import type { ConfigOf, Declared, DeclaredStack } from "../catalog";
import { AwsError } from "../../engine/gateway/errors";
import { PLATFORM } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import type { JsonObject } from "../../json";
import { StartError } from "../../start-error";
import { resources } from "./resources";

type Table = ConfigOf<typeof resources.aws_dynamodb_table>;

const keySchema = (hash: string, range: string | undefined) => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" }]),
];

type Index = NonNullable<Table["global_secondary_index" | "local_secondary_index"]>[number];

const index = (
  hash: string,
  { name, range_key, projection_type, non_key_attributes: attributes }: Index,
) => ({
  IndexName: name,
  KeySchema: keySchema(hash, range_key),
  Projection: {
    ProjectionType: projection_type,
    ...(attributes === undefined ? {} : { NonKeyAttributes: attributes }),
  },
});

const definition = (table: Table): JsonObject => ({
  TableName: table.name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: table.attribute.map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type,
  })),
  KeySchema: keySchema(table.hash_key, table.range_key),
  ...(table.global_secondary_index === undefined
    ? {}
    : { GlobalSecondaryIndexes: table.global_secondary_index.map((one) => index(one.hash_key, one)) }),
  ...(table.local_secondary_index === undefined
    ? {}
    : { LocalSecondaryIndexes: table.local_secondary_index.map((one) => index(table.hash_key, one)) }),
});

const Key = t.type({ AttributeName: t.string, KeyType: t.string });
const NamedKeys = t.type({ IndexName: t.string, KeySchema: t.readonlyArray(Key) });
const Shape = t.type({ KeySchema: t.readonlyArray(Key) });
const Indexes = t.partial({
  GlobalSecondaryIndexes: t.readonlyArray(NamedKeys),
  LocalSecondaryIndexes: t.readonlyArray(NamedKeys),
});
const Description = t.type({ Table: t.intersection([Shape, Indexes]) });

/** Keys of a table and its indexes in one line, to compare what is there with what is declared. */
const keysOf = (shape: unknown): string => {
  if (!Shape.is(shape) || !Indexes.is(shape)) return "";
  const keys = (schema: ReadonlyArray<t.TypeOf<typeof Key>>): string =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(",");
  return [
    keys(shape.KeySchema),
    ...[...(shape.GlobalSecondaryIndexes ?? []), ...(shape.LocalSecondaryIndexes ?? [])]
      .map((index) => `${index.IndexName}: ${keys(index.KeySchema)}`)
      .sort(),
  ].join("; ");
};

const makeTable = async (
  client: Client,
  { address, config }: Declared<ConfigOf<typeof resources.aws_dynamodb_table>>,
): Promise<void> => {
  const wanted = definition(config);
  const existing = await client
    .json(PLATFORM, "dynamodb", "DescribeTable", { TableName: config.name }, Description)
    .catch((error: unknown) => {
      if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined;
      throw error;
    });
  if (existing === undefined) await client.json(PLATFORM, "dynamodb", "CreateTable", wanted, t.unknown);
  else if (keysOf(existing.Table) !== keysOf(wanted))
    throw new StartError(
      `${address}: the data folder has this table with other keys or indexes; start with --fresh to recreate it`,
    );
  if (config.stream_enabled === true)
    await client.json(
      PLATFORM,
      "dynamodb",
      "UpdateTable",
      {
        TableName: config.name,
        StreamSpecification: {
          StreamEnabled: true,
          StreamViewType: config.stream_view_type ?? "NEW_AND_OLD_IMAGES",
        },
      },
      t.unknown,
    );
};

/** Makes the declared tables that are not there yet. */
export const makeTables = async (client: Client, stack: DeclaredStack): Promise<void> => {
  await Promise.all(stack(resources.aws_dynamodb_table).map((table) => makeTable(client, table)));
};
