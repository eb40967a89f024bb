import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { PageName } from "../domain/archive";
import type { ResultPage } from "../domain/results";
import type { FetchInput, FetchOutput, ReleaseInput } from "../domain/results-task";
import type { Capabilities, Position, ReceivedPage } from "../ports/capabilities";
import { now } from "../ports/clock";
import { type PortError, transient } from "../ports/errors";
import { acquireLease } from "../ports/lease";
import * as log from "../ports/log";

type Needs = Pick<Capabilities, "checkpoints" | "auction" | "rawPages" | "clock" | "log"> & {
  /** Orders asked for at a time. */
  readonly pageLimit: number;
  /** Longer than any task and any wait between two tasks. */
  readonly leaseSeconds: number;
};

/** The most that one run of archive-results takes, in time and in memory, whatever the auction platform sends. */
const LARGEST_PAGE = { bytes: 16 * 1024 * 1024, orders: 1_000 };

const refusalOf = (bytes: number, orders: number): string | undefined => {
  if (bytes > LARGEST_PAGE.bytes) return `it has ${bytes} bytes, at most ${LARGEST_PAGE.bytes} are read`;
  if (orders > LARGEST_PAGE.orders) return `it has ${orders} orders, at most ${LARGEST_PAGE.orders} are read`;
  return undefined;
};

/** The page an earlier execution began and did not finish keeps its name; a new one is named after this one. */
const begin = (position: Position, execution: string, now: Date): PageName =>
  position.page ?? { run: execution, number: 0, dt: now.toISOString().slice(0, 10) };

type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

const takenOver = transient("fetching results", "another execution took over");

const write =
  (execution: string, position: Position, release: boolean): Step<void> =>
  ({ checkpoints }) =>
    pipe(
      checkpoints.write(execution, position, release),
      TE.flatMap((written) => (written ? TE.right(undefined) : TE.left(takenOver))),
    );

/** Nothing (yet) to read: the end after some pages, before the first a reason to wait. */
const noPage = ({ execution, waits, pages }: FetchInput, position: Position): Step<FetchOutput> =>
  pipe(
    write(execution, position, true),
    RTE.map((): FetchOutput =>
      pages > 0
        ? { outcome: "done", waits, pages, why: "all results there are have been read" }
        : { outcome: "wait", waits: waits + 1, pages },
    ),
  );

const keep =
  (page: PageName, bytes: Uint8Array): Step<string> =>
  ({ rawPages }) =>
    rawPages.keep(page, bytes);

const page = (
  { execution, waits, pages }: FetchInput,
  { cursor }: Position,
  begun: PageName,
  fetchedAt: Date,
  { bytes, answer: { orders = [], cursor: following } }: ReceivedPage,
): Step<FetchOutput> => {
  // A feed that leads back to this very page would be read for as long as an execution may take.
  const standsStill = following !== undefined && following === cursor;
  const refused = refusalOf(bytes.length, orders.length);
  const here = cursor === undefined ? {} : { cursor };
  return pipe(
    write(execution, { page: begun, ...here }, false),
    RTE.flatMap(() => keep(begun, bytes)),
    RTE.tapReaderIO(() =>
      standsStill ? log.warn("results feed stands still", { execution, cursor }) : log.silence,
    ),
    RTE.map((key): ResultPage => ({
      ...begun,
      ...here,
      key,
      fetched_at: fetchedAt.toISOString(),
      ...(following === undefined || standsStill ? {} : { next: following }),
      ...(refused === undefined ? {} : { refused }),
    })),
    RTE.tapReaderIO((fetched) =>
      log.info("page fetched", {
        execution,
        key: fetched.key,
        bytes: bytes.length,
        orders: orders.length,
        ...(refused === undefined ? {} : { refused }),
      }),
    ),
    RTE.map((fetched): FetchOutput => ({ outcome: "page", waits, pages, page: fetched })),
  );
};

const ask =
  ({ cursor }: Position): Step<ReceivedPage> =>
  ({ auction, pageLimit }) =>
    auction.results({ limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) });

const fetchAt = (input: FetchInput, position: Position): Step<FetchOutput> =>
  pipe(
    ask(position),
    RTE.bindTo("received"),
    RTE.bindW("time", () => now),
    RTE.flatMap(({ received, time }) =>
      received.answer.results
        ? page(input, position, begin(position, input.execution, time), time, received)
        : noPage(input, position),
    ),
  );

const anotherReads = ({ waits, pages }: FetchInput): FetchOutput => ({
  outcome: "done",
  waits,
  pages,
  why: "another execution is reading the results",
});

/** Fetches and keeps the next page of results, for the one execution that holds the lease. */
export const fetchResults = (input: FetchInput): Step<FetchOutput> =>
  pipe(
    acquireLease(input.execution),
    RTE.flatMap((position) =>
      position === undefined ? RTE.right(anotherReads(input)) : fetchAt(input, position),
    ),
    RTE.tapReaderIO(({ outcome }) => log.info("results fetched", { execution: input.execution, outcome })),
  );

/** Gives the lease up for an execution that failed for good: whoever reads next need not wait until it ends. */
export const releaseLease =
  ({ execution }: ReleaseInput): RTE.ReaderTaskEither<Pick<Needs, "checkpoints">, PortError, void> =>
  ({ checkpoints }) =>
    checkpoints.release(execution);
