import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { OrderId } from "../domain/order";
import { type Status, STATUSES } from "../domain/status";
import { traverseBounded } from "../fp/bounded";
import type { IndexPage, OrderTable } from "../ports/capabilities";
import type { PortError } from "../ports/errors";
import { portError } from "./aws-error";
import { dynamo } from "./clients";
import { mergePages, type PartitionPage, type Row, type Walk } from "./index-pages";
import { indexOf, type Item, LISTED, listedShard, QUIET_UNTIL, SHARDS, statusShard } from "./order-item";

const QUERIES_AT_ONCE = 16;

type Index = typeof LISTED | ReturnType<typeof indexOf>;

/** A condition on rows, checked by DynamoDB after it read them: they count as looked at all the same. */
type Filter = { readonly attribute: string; readonly condition: string; readonly values: Item };

type Partition = { readonly index: Index; readonly shard: string; readonly filter?: Filter };

const shards = (partition: (shard: number) => Partition): ReadonlyArray<Partition> =>
  RA.makeBy(SHARDS, partition);

const ofStatus = (status: Status, filter?: Filter): ReadonlyArray<Partition> =>
  shards((shard) => ({
    index: indexOf(status),
    shard: statusShard(status, shard),
    ...(filter === undefined ? {} : { filter }),
  }));

/** Orders of releases before the list had an index, until their first change. */
const UNLISTED: Filter = { attribute: LISTED.hash, condition: "attribute_not_exists(#filtered)", values: {} };

/**
 * All orders: those in the list's own index, and those of earlier releases where these releases kept them.
 * Such an order that changes meanwhile goes to when it was received, further down: the walk still meets it.
 */
const EVERY_ORDER: ReadonlyArray<Partition> = [
  ...shards((shard) => ({ index: LISTED, shard: listedShard(shard) })),
  ...STATUSES.flatMap((status) => ofStatus(status, UNLISTED)),
];

const rowOf =
  ({ range }: Index) =>
  (item: Item): ReadonlyArray<Row> => {
    const id = Number(item["order_id"]?.N);
    const place = item[range]?.S;
    return OrderId.is(id) && place !== undefined ? [{ id, place }] : [];
  };

/** Where in every partition a walk goes on. */
type Range = { readonly condition: string; readonly values: Item };

const query =
  (table: string, signal: AbortSignal) =>
  ({ newestFirst, limit }: Walk, range: Range) =>
  ({ index, shard, filter }: Partition): TE.TaskEither<PortError, PartitionPage> =>
    pipe(
      TE.tryCatch(
        () =>
          dynamo().send(
            new QueryCommand({
              TableName: table,
              IndexName: index.name,
              Limit: limit,
              ScanIndexForward: !newestFirst,
              KeyConditionExpression: `#shard = :shard${range.condition}`,
              ProjectionExpression: "order_id, #place",
              ...(filter === undefined ? {} : { FilterExpression: filter.condition }),
              ExpressionAttributeNames: {
                "#shard": index.hash,
                "#place": index.range,
                ...(filter === undefined ? {} : { "#filtered": filter.attribute }),
              },
              ExpressionAttributeValues: { ":shard": { S: shard }, ...range.values, ...filter?.values },
            }),
            { abortSignal: signal },
          ),
        portError("reading an index of the orders"),
      ),
      TE.map(({ Items = [], LastEvaluatedKey }) => {
        const readTo = LastEvaluatedKey?.[index.range]?.S;
        return { rows: Items.flatMap(rowOf(index)), ...(readTo === undefined ? {} : { readTo }) };
      }),
    );

/** One query a partition, each bounded by the walk's limit; never a scan. */
const readPage =
  (table: string, signal: AbortSignal) =>
  (partitions: ReadonlyArray<Partition>, walk: Walk, range: Range): TE.TaskEither<PortError, IndexPage> =>
    pipe(
      partitions,
      traverseBounded(QUERIES_AT_ONCE)(query(table, signal)(walk, range)),
      TE.map(mergePages(walk)),
    );

export const list =
  (table: string, signal: AbortSignal): OrderTable["list"] =>
  ({ status, limit, after }) =>
    readPage(table, signal)(
      status === undefined ? EVERY_ORDER : ofStatus(status),
      { newestFirst: true, limit },
      after === undefined
        ? { condition: "", values: {} }
        : { condition: " AND #place < :after", values: { ":after": { S: after } } },
    );

/** Sorts before every place. */
const BEGINNING = "0";

export const waiting =
  (table: string, signal: AbortSignal): OrderTable["waiting"] =>
  ({ status, before, now, limit, after }) =>
    readPage(table, signal)(
      ofStatus(status, {
        attribute: QUIET_UNTIL,
        condition: "attribute_not_exists(#filtered) OR #filtered < :now",
        values: { ":now": { S: now.toISOString() } },
      }),
      { newestFirst: false, limit },
      {
        condition: " AND #place BETWEEN :after AND :before",
        values: {
          // BETWEEN includes its ends: `!` sorts before the digits of a longer id, and no place is a bare time.
          ":after": { S: after === undefined ? BEGINNING : `${after}!` },
          ":before": { S: before.toISOString() },
        },
      },
    );
