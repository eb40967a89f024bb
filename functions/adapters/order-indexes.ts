import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import { OrderId, type TERMS } from "../domain/order";
import type { Status } from "../domain/status";
import { traverseBounded } from "../fp/bounded";
import type { DeliverySpan, IndexPage, OrderTable } from "../ports/capabilities";
import type { PortError } from "../ports/errors";
import { query } from "./dynamo";
import { mergePages, type PartitionPage, type Row, type Walk } from "./index-pages";
import { DELIVERED, IN_FLIGHT, LISTED } from "../tables";
import {
  indexOf,
  type Item,
  plainShard,
  QUIET_UNTIL,
  REQUEUED_AT,
  SHARDS,
  statusShard,
  UNARCHIVED,
} from "./order-item";

const QUERIES_AT_ONCE = 16;
const GATE = "valid_until" satisfies keyof typeof TERMS;

type Index = typeof LISTED | typeof DELIVERED | ReturnType<typeof indexOf>;

/** A condition on rows, checked by DynamoDB after it read them: they count as looked at all the same. */
type Filter = {
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
};

type Partition = { readonly index: Index; readonly shard: string; readonly filter?: Filter };

const shards = (partition: (shard: number) => Partition): ReadonlyArray<Partition> =>
  RA.makeBy(SHARDS, partition);

/** Those that have ended, and are not archived yet. */
const OUTBOX = shards((shard) => ({ index: IN_FLIGHT, shard: statusShard(UNARCHIVED, shard) }));

const ofStatus = (status: Status, filter?: Filter): ReadonlyArray<Partition> =>
  shards((shard) => ({
    index: indexOf(status),
    shard: statusShard(status, shard),
    ...(filter === undefined ? {} : { filter }),
  }));

const UNLISTED: Filter = {
  condition: "attribute_not_exists(#listed)",
  names: { "#listed": LISTED.hash },
  values: {},
};

/**
 * All orders, one part after the other: those in the list's own index; then those of release 0.1.0, which are in
 * the others only, in the order of their statuses, so that whatever becomes of one is still ahead of the walk.
 * None of them has a gate, and so none expires; one that is submitted may be cancelled.
 */
const EVERY_ORDER: ReadonlyArray<ReadonlyArray<Partition>> = [
  shards((shard) => ({ index: LISTED, shard: plainShard(shard) })),
  ofStatus("received", UNLISTED),
  ofStatus("submitted", UNLISTED),
  [...ofStatus("accepted", UNLISTED), ...ofStatus("rejected", UNLISTED), ...ofStatus("cancelled", UNLISTED)],
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

const queryPartition =
  (table: string, signal: AbortSignal) =>
  ({ newestFirst, rows }: Walk, range: Range) =>
  ({ index, shard, filter }: Partition): TE.TaskEither<PortError, PartitionPage> =>
    pipe(
      query("reading an index of the orders", signal, {
        TableName: table,
        IndexName: index.name,
        Limit: rows,
        ScanIndexForward: !newestFirst,
        KeyConditionExpression: `#shard = :shard${range.condition}`,
        ProjectionExpression: "order_id, #place",
        ...(filter === undefined ? {} : { FilterExpression: filter.condition }),
        ExpressionAttributeNames: {
          "#shard": index.hash,
          "#place": index.range,
          ...filter?.names,
        },
        ExpressionAttributeValues: { ":shard": { S: shard }, ...range.values, ...filter?.values },
      }),
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
      traverseBounded(QUERIES_AT_ONCE)(queryPartition(table, signal)(walk, range)),
      TE.map(mergePages(walk)),
    );

/** After every place of an order; itself as a place is written. */
const TOP = "9999-12-31T23:59:59.999Z#9007199254740991";

/** Where a list goes on: in one of its parts, from its top or after a place. */
type Point = { readonly part: number; readonly place?: string };

/** The first part's places stand for themselves, another's come after its number. */
const pointAt = (after: string): Point => {
  const [, part, place] = /^(?:(\d):)?(.*)$/.exec(after) ?? [];
  return {
    part: Number(part ?? 0),
    ...(place === undefined || place === TOP ? {} : { place }),
  };
};

const textOf = ({ part, place = TOP }: Point): string => (part === 0 ? place : `${part}:${place}`);

/** A page of a list; what a part has too few orders for, the next one fills. */
const listFrom =
  (read: ReturnType<typeof readPage>, parts: ReadonlyArray<ReadonlyArray<Partition>>, limit: number) =>
  ({ part, place }: Point, before: ReadonlyArray<OrderId> = []): TE.TaskEither<PortError, IndexPage> =>
    pipe(
      read(
        parts[part] ?? [],
        { newestFirst: true, limit: limit - before.length, rows: limit },
        place === undefined
          ? { condition: "", values: {} }
          : { condition: " AND #place < :after", values: { ":after": { S: place } } },
      ),
      TE.flatMap((page) => {
        const ids = [...new Set([...before, ...page.ids])];
        if (page.next !== undefined) return TE.right({ ids, next: textOf({ part, place: page.next }) });
        if (part + 1 >= parts.length) return TE.right({ ids });
        return ids.length < limit
          ? listFrom(read, parts, limit)({ part: part + 1 }, ids)
          : TE.right({ ids, next: textOf({ part: part + 1 }) });
      }),
    );

/** Sort before and after every place. */
const BEGINNING = "0";
const END = "A";

/**
 * The places behind one place, or all of a span. BETWEEN includes its ends: `!` sorts before the digits of a longer
 * id, and no place is a bare time.
 */
const between = (
  after: string | undefined,
  { from = BEGINNING, to = END }: DeliverySpan,
): Range | undefined => {
  const behind = after === undefined ? from : `${after}!`;
  const begin = behind < from ? from : behind;
  return begin > to
    ? undefined
    : {
        condition: " AND #place BETWEEN :after AND :before",
        values: { ":after": { S: begin }, ":before": { S: to } },
      };
};

const DELIVERIES = shards((shard) => ({ index: DELIVERED, shard: plainShard(shard) }));

const delivered = (
  read: ReturnType<typeof readPage>,
  limit: number,
  range: Range | undefined,
): TE.TaskEither<PortError, IndexPage> =>
  range === undefined
    ? TE.right({ ids: [] })
    : read(DELIVERIES, { newestFirst: false, limit, rows: limit }, range);

export const list =
  (table: string, signal: AbortSignal): OrderTable["list"] =>
  ({ of, limit, after }) => {
    const read = readPage(table, signal);
    if (typeof of === "object") return delivered(read, limit, between(after, of));
    const parts = of === undefined ? EVERY_ORDER : [ofStatus(of)];
    return listFrom(read, parts, limit)(after === undefined ? { part: 0 } : pointAt(after));
  };

type Waiting = Parameters<OrderTable["waiting"]>[0];

/** Nothing keeps these orders from being acted on. */
const due = ({ now, quietAtMost, quietSince, gated = false }: Waiting): Filter => {
  const loud = ["attribute_not_exists(#quiet)", "#quiet < :now", "#quiet > :most"];
  const before = quietSince === undefined ? [] : ["attribute_not_exists(#requeued)", "#requeued < :since"];
  return {
    condition: `(${[...loud, ...before].join(" OR ")})${gated ? " AND attribute_exists(#gate)" : ""}`,
    names: {
      "#quiet": QUIET_UNTIL,
      ...(quietSince === undefined ? {} : { "#requeued": REQUEUED_AT }),
      ...(gated ? { "#gate": GATE } : {}),
    },
    values: {
      ":now": { S: now.toISOString() },
      ":most": { S: quietAtMost.toISOString() },
      ...(quietSince === undefined ? {} : { ":since": { S: quietSince.toISOString() } }),
    },
  };
};

export const waiting =
  (table: string, signal: AbortSignal): OrderTable["waiting"] =>
  (asked) => {
    const { status, before, limit, after } = asked;
    const range = between(after, { to: before.toISOString() });
    if (range === undefined) return TE.right({ ids: [] });
    return readPage(table, signal)(
      status === UNARCHIVED ? OUTBOX : ofStatus(status, due(asked)),
      { newestFirst: false, limit, rows: limit },
      range,
    );
  };
