/** Entries whose results are still to come out, in the index `feed`, by when they do. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { conditionalWrites, update, WRITES_AT_ONCE } from "../adapters/conditional-writes";
import { batchGet, query } from "../adapters/dynamo";
import { key } from "../adapters/order-item";
import { traverseBounded } from "../fp/bounded";
import type { PortError } from "../ports/errors";
import { FEED } from "../tables";
import { type Entry, entryOf, PENDING, position } from "./entry";

const OPERATION = "reading results";
const TAKING = "publishing results";
const BATCH_GET_LIMIT = 100;

export type Range = { readonly partition: string; readonly condition: string; readonly at: string };

/** One page of the index; it may be behind the table. */
export const indexed = (
  table: string,
  { partition, condition, at }: Range,
  limit: number,
  signal: AbortSignal,
): TE.TaskEither<PortError, ReadonlyArray<Record<string, unknown>>> =>
  pipe(
    query(OPERATION, signal, {
      TableName: table,
      IndexName: FEED.name,
      Limit: limit,
      KeyConditionExpression: `${FEED.hash} = :feed AND ${FEED.range} ${condition} :at`,
      ExpressionAttributeValues: { ":feed": { S: partition }, ":at": { S: at } },
    }),
    TE.map(({ Items = [] }) => Items),
  );

const Waiting = t.type({ feed: t.type({ S: t.literal(PENDING) }) });
const Row = t.type({ order_id: t.type({ N: t.string }) });

/** Of the index's rows, the entries that wait indeed, by the table itself. */
export const waiting =
  (table: string, signal: AbortSignal) =>
  (rows: ReadonlyArray<unknown>): TE.TaskEither<PortError, ReadonlyArray<Entry>> =>
    pipe(
      rows.filter(Row.is),
      RA.chunksOf(BATCH_GET_LIMIT),
      traverseBounded(4)((batch: ReadonlyArray<t.TypeOf<typeof Row>>) =>
        batchGet(OPERATION, signal, {
          RequestItems: {
            [table]: { Keys: batch.map(({ order_id }) => ({ order_id })), ConsistentRead: true },
          },
        }),
      ),
      // What a busy table leaves out keeps waiting.
      TE.map(RA.flatMap(({ Responses }) => Responses?.[table] ?? [])),
      TE.flatMapEither((items) => pipe(items.filter(Waiting.is), RA.traverse(E.Applicative)(entryOf))),
      TE.map((entries) => [...entries].sort((a, b) => (position(a) < position(b) ? -1 : 1))),
    );

/** Nothing more to come of an entry; or its final result, at another time, whoever takes it out first. */
const takenOut = (table: string, { order_id, final_at }: Entry) =>
  final_at === undefined
    ? update(TAKING, table, key(order_id), { set: {}, remove: [FEED.hash, FEED.range] })
    : update(
        TAKING,
        table,
        key(order_id),
        {
          set: {
            decided_at: { S: final_at },
            [FEED.range]: { S: position({ decided_at: final_at, order_id }) },
          },
          remove: ["final_at"],
        },
        { text: `"final_at" = ?`, values: [{ S: final_at }] },
      );

/** Takes entries out of what waits: they are on a page now. One whose result was preliminary waits again. */
export const take = (table: string, signal: AbortSignal) => {
  const write = conditionalWrites(signal);
  return (entries: ReadonlyArray<Entry>): TE.TaskEither<PortError, void> =>
    pipe(
      entries,
      traverseBounded(WRITES_AT_ONCE)((entry: Entry) => write(takenOut(table, entry))),
      TE.asUnit,
    );
};
