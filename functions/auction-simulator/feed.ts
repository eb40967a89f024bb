/**
 * The results that are out, as numbered pages. A page is written once and read by its number: which results come
 * before others is decided when they come out, never by what a clock says of them, so that no clock that moves
 * can put a result before a place where somebody has read already.
 */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import type { Result } from "../domain/results";
import type { PortError } from "../ports/errors";
import { call } from "./call";
import { type Entry, entryOf, PENDING, position, resultOf } from "./entry";
import { readPage, writePage } from "./pages";
import { indexed, take, waiting } from "./waiting";

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
/** What two clocks may differ by without one of them having been put back. */
const CLOCK_SLACK_MS = 1_000;

/** A page, and how many of its results were read; none: the whole page. */
const NUMBERED = /^p(\d{1,9})(?:\.(\d{1,4}))?$/;
/** Of earlier releases: the time and order of the last result read. */
const DATED = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z#\d{1,16}$/;

export const isCursor = (text: string): boolean => NUMBERED.test(text) || DATED.test(text);

/** A preliminary result, and the final one that follows it, are two. */
const named = ({ order_id, final }: Result): string => `${order_id}${final === false ? " preliminary" : ""}`;

/** A result that waits, and the entry it is of. */
type Out = { readonly entry: Entry; readonly result: Result };

const outOf = (entry: Entry): ReadonlyArray<Out> => resultOf(entry).map((result) => ({ entry, result }));

type Due = {
  readonly out: ReadonlyArray<Out>;
  readonly datedAhead: number;
  /** Whether the index has a place that is due, if only of a result that is out by now. */
  readonly hasPlaces: boolean;
};

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
      TE.bindTo("places"),
      TE.bind("entries", ({ places }) => waiting(table, signal)(places)),
      TE.map(({ places, entries }) => ({
        hasPlaces: places.length > 0,
        // The index may still have the place of a result that is out by now.
        out: entries
          .filter((entry) => (condition === "<=" ? position(entry) <= at : position(entry) > at))
          .flatMap(outOf),
      })),
    );
  return pipe(
    TE.Do,
    // The character after any digit: at this very moment, too.
    TE.bind("now", () => found("<=", `${now.toISOString()}~`)),
    TE.bind("ahead", () => found(">", latest)),
    TE.map(({ now: { out, hasPlaces }, ahead }) => ({
      out: [...out, ...ahead.out].slice(0, limit),
      datedAhead: Math.min(ahead.out.length, limit - Math.min(out.length, limit)),
      hasPlaces: hasPlaces || ahead.hasPlaces,
    })),
  );
};

type Read = Pick<FeedPage, "results" | "datedAhead">;

/** How often what is due may prove to be of the page before. */
const LOOKS = 5;

/**
 * Calls what is due, writes it as the next page, then takes it out of what waits. A crash in between leaves results
 * of the page waiting: whoever writes the next page takes them out first, and looks again for what waits behind them.
 */
const publish = (
  table: string,
  number: number,
  query: FeedQuery,
  signal: AbortSignal,
  looks = LOOKS,
): TE.TaskEither<PortError, Read> =>
  pipe(
    TE.Do,
    TE.bind("before", () => (number === 1 ? TE.right([]) : readPage(table, number - 1, signal))),
    TE.bind("found", () => due(table, query, signal)),
    TE.bind("called", ({ found }) => call(table, signal)(found.out)),
    TE.flatMap(({ before, found, called }): TE.TaskEither<PortError, Read> => {
      // A cursor ahead of all pages was never given out.
      if (before === undefined) return TE.right(NOTHING);
      const published = new Set(before.map(named));
      const { left: fresh, right: old } = pipe(
        called,
        RA.partition(({ result }) => published.has(named(result))),
      );
      const results = fresh.map(({ result }) => result);
      const takeOut = (some: ReadonlyArray<Out>) => take(table, signal)(some.map(({ entry }) => entry));
      return pipe(
        takeOut(old),
        TE.flatMap(() =>
          results.length === 0 ? TE.right(false) : writePage(table, number, results, signal),
        ),
        TE.flatMap((isOurs) =>
          isOurs
            ? pipe(
                takeOut(fresh),
                TE.map(() => ({ results, datedAhead: found.datedAhead })),
              )
            : pipe(
                // Nothing is due, or another wrote this page meanwhile.
                readPage(table, number, signal),
                TE.flatMap((written) =>
                  written === undefined && found.hasPlaces && looks > 1
                    ? publish(table, number, query, signal, looks - 1)
                    : TE.right({ results: written ?? [], datedAhead: 0 }),
                ),
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
        : TE.right<PortError, Read>({ results, datedAhead: 0 }),
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
        results: entries.flatMap(resultOf),
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
