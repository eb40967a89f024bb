/**
 * The results that are out, as numbered pages. A page is written once and read by its number: which results come
 * before others is decided when they come out, never by what a clock says of them, so that no clock that moves
 * can put a result before a place where somebody has read already.
 */
import {
  BatchGetItemCommand,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RNEA from "fp-ts/ReadonlyNonEmptyArray";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { portError } from "../adapters/aws-error";
import { dynamo } from "../adapters/clients";
import { Result } from "../domain/results";
import { faultLines } from "../../lib/faults";
import { traverseBounded } from "../fp/bounded";
import { jsonOrUndefined } from "../../lib/json";
import { permanent, type PortError } from "../ports/errors";
import { FEED } from "../tables";
import { call } from "./call";
import { entryOf, PENDING, position } from "./entry";
import { putNew } from "./put-new";

type FeedQuery = {
  readonly cursor?: string;
  readonly now: Date;
  /** The longest time from an order's entry to its result. */
  readonly longestDelayMs: number;
  readonly limit: number;
};

export type FeedPage = {
  readonly results: ReadonlyArray<Result>;
  readonly cursor?: string;
  /** How many of them a clock dated that has been put back since. */
  readonly datedAhead: number;
};

export interface Feed {
  /** Results out after `cursor`. Whoever asks again with a cursor gets the same results again. */
  readonly results: (query: FeedQuery) => TE.TaskEither<PortError, FeedPage>;
}

const NOTHING: FeedPage = { results: [], datedAhead: 0 };
const OPERATION = "reading results";
const BATCH_GET_LIMIT = 100;
const WRITES_AT_ONCE = 16;
/** What two clocks may differ by without one of them having been put back. */
const CLOCK_SLACK_MS = 1_000;

/** A page, and how many of its results were read; none: the whole page. */
const NUMBERED = /^p(\d{1,9})(?:\.(\d{1,4}))?$/;
/** Of earlier releases: the time and order of the last result read. */
const DATED = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z#\d{1,16}$/;

export const isCursor = (text: string): boolean => NUMBERED.test(text) || DATED.test(text);

/** Pages stand beside the orders under negative numbers: no order has one. */
const pageKey = (number: number) => ({ order_id: { N: String(-number) } });

const Page = t.type({ results: t.type({ S: t.string }) });
const Results = t.readonlyArray(Result);

const readPage = (
  table: string,
  number: number,
  signal: AbortSignal,
): TE.TaskEither<PortError, ReadonlyArray<Result> | undefined> =>
  pipe(
    TE.tryCatch(
      () =>
        dynamo().send(new GetItemCommand({ TableName: table, Key: pageKey(number), ConsistentRead: true }), {
          abortSignal: signal,
        }),
      portError(OPERATION),
    ),
    TE.flatMapEither(({ Item }) =>
      Item === undefined
        ? E.right(undefined)
        : pipe(
            Page.decode(Item),
            E.flatMap(({ results }) => Results.decode(jsonOrUndefined(results.S))),
            E.mapLeft((errors) => permanent(OPERATION, faultLines(errors))),
          ),
    ),
  );

type Range = { readonly partition: string; readonly condition: string; readonly at: string };

/** One page of the index; it may be behind the table. */
const indexed = (
  table: string,
  { partition, condition, at }: Range,
  limit: number,
  signal: AbortSignal,
): TE.TaskEither<PortError, ReadonlyArray<Record<string, unknown>>> =>
  pipe(
    TE.tryCatch(
      () =>
        dynamo().send(
          new QueryCommand({
            TableName: table,
            IndexName: FEED.name,
            Limit: limit,
            KeyConditionExpression: `${FEED.hash} = :feed AND ${FEED.range} ${condition} :at`,
            ExpressionAttributeValues: { ":feed": { S: partition }, ":at": { S: at } },
          }),
          { abortSignal: signal },
        ),
      portError(OPERATION),
    ),
    TE.map(({ Items = [] }) => Items),
  );

const Waiting = t.type({ feed: t.type({ S: t.literal(PENDING) }) });
const Row = t.type({ order_id: t.type({ N: t.string }) });

/** Of the index's rows, the entries that wait indeed, by the table itself. */
const waiting =
  (table: string, signal: AbortSignal) =>
  (rows: ReadonlyArray<unknown>): TE.TaskEither<PortError, ReadonlyArray<Result>> =>
    pipe(
      RNEA.fromReadonlyArray(rows.filter(Row.is)),
      (some) => (some._tag === "None" ? [] : RNEA.chunksOf(BATCH_GET_LIMIT)(some.value)),
      traverseBounded(4)((batch: ReadonlyArray<t.TypeOf<typeof Row>>) =>
        TE.tryCatch(
          () =>
            dynamo().send(
              new BatchGetItemCommand({
                RequestItems: {
                  [table]: { Keys: batch.map(({ order_id }) => ({ order_id })), ConsistentRead: true },
                },
              }),
              { abortSignal: signal },
            ),
          portError(OPERATION),
        ),
      ),
      // What a busy table leaves out keeps waiting.
      TE.map(RA.flatMap(({ Responses }) => Responses?.[table] ?? [])),
      TE.flatMapEither((items) => pipe(items.filter(Waiting.is), RA.traverse(E.Applicative)(entryOf))),
      TE.map((entries) =>
        [...entries]
          .sort((a, b) => (position(a) < position(b) ? -1 : 1))
          .flatMap(({ order_id, product, power, status }) =>
            status === "refused" ? [] : [{ order_id, product, power, status }],
          ),
      ),
    );

/** Removes results from the index of waiting ones: they are on a page now. */
const take =
  (table: string, signal: AbortSignal) =>
  (results: ReadonlyArray<Result>): TE.TaskEither<PortError, void> =>
    pipe(
      results,
      traverseBounded(WRITES_AT_ONCE)(({ order_id }: Result) =>
        TE.tryCatch(
          () =>
            dynamo().send(
              new UpdateItemCommand({
                TableName: table,
                Key: { order_id: { N: String(order_id) } },
                UpdateExpression: `REMOVE ${FEED.hash}, ${FEED.range}`,
              }),
              { abortSignal: signal },
            ),
          portError("publishing results"),
        ),
      ),
      TE.asUnit,
    );

type Due = { readonly results: ReadonlyArray<Result>; readonly datedAhead: number };

/** Results whose time has come, and those whose time no clock that is right can have set. */
const due = (
  table: string,
  { now, longestDelayMs, limit }: FeedQuery,
  signal: AbortSignal,
): TE.TaskEither<PortError, Due> => {
  const latest = new Date(now.getTime() + longestDelayMs + CLOCK_SLACK_MS).toISOString();
  const found = (condition: string, at: string) =>
    pipe(
      indexed(table, { partition: PENDING, condition, at }, limit, signal),
      TE.flatMap(waiting(table, signal)),
    );
  return pipe(
    TE.Do,
    // The character after any digit: at this very moment, too.
    TE.bind("out", () => found("<=", `${now.toISOString()}~`)),
    TE.bind("ahead", () => found(">", latest)),
    TE.map(({ out, ahead }) => ({
      results: [...out, ...ahead].slice(0, limit),
      datedAhead: Math.min(ahead.length, limit - Math.min(out.length, limit)),
    })),
  );
};

/**
 * Calls what is due, writes it as the next page, then takes it out of what waits. A crash in between leaves results
 * of the page waiting: whoever writes the next page takes them out first.
 */
const publish = (
  table: string,
  number: number,
  query: FeedQuery,
  signal: AbortSignal,
): TE.TaskEither<PortError, Due> =>
  pipe(
    TE.Do,
    TE.bind("before", () => (number === 1 ? TE.right([]) : readPage(table, number - 1, signal))),
    TE.bind("found", () => due(table, query, signal)),
    TE.bind("called", ({ found }) => call(table, signal)(found.results)),
    TE.flatMap(({ before, found, called }): TE.TaskEither<PortError, Due> => {
      // A cursor ahead of all pages was never given out.
      if (before === undefined) return TE.right(NOTHING);
      const published = new Set(before.map(({ order_id }) => order_id));
      const { left: fresh, right: old } = pipe(
        called,
        RA.partition(({ order_id }) => published.has(order_id)),
      );
      const write =
        fresh.length === 0
          ? TE.right(false)
          : putNew(
              "publishing results",
              table,
              { ...pageKey(number), results: { S: JSON.stringify(fresh) } },
              signal,
            );
      return pipe(
        take(table, signal)(old),
        TE.flatMap(() => write),
        TE.flatMap((isOurs) =>
          isOurs
            ? pipe(
                take(table, signal)(fresh),
                TE.map(() => ({ results: fresh, datedAhead: found.datedAhead })),
              )
            : pipe(
                // Nothing is due, or another wrote this page meanwhile.
                readPage(table, number, signal),
                TE.map((results = []) => ({ results, datedAhead: 0 })),
              ),
        ),
      );
    }),
  );

const numbered = (
  table: string,
  query: FeedQuery,
  signal: AbortSignal,
): TE.TaskEither<PortError, FeedPage> => {
  const [, last = "0", read] = NUMBERED.exec(query.cursor ?? "") ?? [];
  const number = read === undefined ? Number(last) + 1 : Number(last);
  const from = Number(read ?? 0);
  return pipe(
    readPage(table, number, signal),
    TE.flatMap((results) =>
      results === undefined
        ? publish(table, number, query, signal)
        : TE.right<PortError, Due>({ results, datedAhead: 0 }),
    ),
    TE.map(({ results, datedAhead }): FeedPage => {
      const end = from + query.limit;
      const page = results.slice(from, end);
      if (page.length === 0) return NOTHING;
      return {
        results: page,
        cursor: end < results.length ? `p${number}.${end}` : `p${number}`,
        datedAhead,
      };
    }),
  );
};

/** Results entered under earlier releases, in the order of their time; nothing is entered there any more. */
const dated = (
  table: string,
  { cursor, limit }: FeedQuery,
  signal: AbortSignal,
): TE.TaskEither<PortError, FeedPage> =>
  pipe(
    // The character after any digit: strictly after the cursor's own entry.
    indexed(
      table,
      { partition: "results", condition: ">", at: cursor === undefined ? "0" : `${cursor}~` },
      limit,
      signal,
    ),
    TE.flatMapEither(RA.traverse(E.Applicative)(entryOf)),
    TE.map((entries): FeedPage => {
      const last = entries.at(-1);
      return {
        results: entries.flatMap(({ order_id, product, power, status }) =>
          status === "refused" ? [] : [{ order_id, product, power, status }],
        ),
        ...(last === undefined ? {} : { cursor: position(last) }),
        datedAhead: 0,
      };
    }),
  );

export const feed = (table: string, signal: AbortSignal): Feed => ({
  results: (query) =>
    query.cursor !== undefined && NUMBERED.test(query.cursor)
      ? numbered(table, query, signal)
      : pipe(
          dated(table, query, signal),
          TE.flatMap((page) => (page.results.length > 0 ? TE.right(page) : numbered(table, query, signal))),
        ),
});
