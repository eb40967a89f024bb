import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Grantee } from "./role";

type Attribute = { readonly name: string; readonly type: "S" | "N" };

/** A sparse index: it holds the items that have both attributes. */
type TableIndex = {
  readonly name: string;
  readonly hash: Attribute;
  readonly range: Attribute;
  /** Whole items, unless it says keys: such an index costs nothing when another attribute changes. */
  readonly holds?: "items" | "keys";
};

export type TableProps = {
  /** 3 to 255 characters. */
  readonly name: string;
  readonly hash: Attribute;
  readonly indexes?: ReadonlyArray<TableIndex>;
  /** The attribute with the epoch second after which an item may be forgotten. */
  readonly ttlAttribute?: string;
  /** Keeps every change of an item for 24 hours, as it was before and after, for a function to follow. */
  readonly stream?: boolean;
  readonly pointInTimeRecovery: boolean;
  /** Refuses to be deleted, by DynamoDB itself and in Terraform's plan. */
  readonly deletionProtection: boolean;
};

const byName = (attributes: ReadonlyArray<Attribute>): ReadonlyArray<Attribute> => [
  ...new Map(attributes.map((attribute) => [attribute.name, attribute])).values(),
];

const ACTIONS = {
  get: "dynamodb:GetItem",
  "batch-get": "dynamodb:BatchGetItem",
  put: "dynamodb:PutItem",
  update: "dynamodb:UpdateItem",
  // Statements of PartiQL, alone or in a batch.
  insert: "dynamodb:PartiQLInsert",
  change: "dynamodb:PartiQLUpdate",
} as const;
export type TableAccess = keyof typeof ACTIONS;

/** A table on demand, encrypted under the account's DynamoDB key. */
export class Table extends Construct {
  readonly arn: string;
  readonly name: string;
  /** Of a table that was given one. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const { name, hash, indexes = [], ttlAttribute, pointInTimeRecovery, deletionProtection } = props;
    const table = new DynamodbTable(this, "this", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: hash.name,
      attribute: byName([hash, ...indexes.flatMap((index) => [index.hash, index.range])]).map(
        ({ name: attribute, type }) => ({ name: attribute, type }),
      ),
      ...(indexes.length === 0
        ? {}
        : {
            globalSecondaryIndex: indexes.map((index) => ({
              name: index.name,
              hashKey: index.hash.name,
              rangeKey: index.range.name,
              projectionType: index.holds === "keys" ? "KEYS_ONLY" : "ALL",
            })),
          }),
      ...(ttlAttribute === undefined ? {} : { ttl: { attributeName: ttlAttribute, enabled: true } }),
      ...(props.stream === true ? { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" } : {}),
      serverSideEncryption: { enabled: true },
      pointInTimeRecovery: { enabled: pointInTimeRecovery },
      deletionProtectionEnabled: deletionProtection,
      ...(deletionProtection ? { lifecycle: { preventDestroy: true } } : {}),
    });
    this.arn = table.arn;
    this.name = table.name;
    this.streamArn = table.streamArn;
  }

  grant({ role }: Grantee, access: TableAccess): void {
    role.grant(`${this.node.id}-${access}`, { actions: [ACTIONS[access]], resources: [this.arn] });
  }

  /** What Lambda does to follow the stream, in the function's name. */
  grantFollow({ role }: Grantee): void {
    role.grant(
      `${this.node.id}-follow`,
      {
        actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        resources: [this.streamArn],
      },
      // A list has no resource to name.
      { actions: ["dynamodb:ListStreams"], resources: ["*"] },
    );
  }

  /** Queries of one index, not of the table. */
  grantQuery({ role }: Grantee, index: string): void {
    role.grant(`${this.node.id}-query-${index}`, {
      actions: ["dynamodb:Query"],
      resources: [`${this.arn}/index/${index}`],
    });
  }
}
