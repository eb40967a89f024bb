import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { ResultPage, ResultsAnswer } from "../domain/results";
import type { FetchInput, FetchOutput } from "../domain/results-task";
import type { Capabilities, Position } from "../ports/capabilities";
import { now } from "../ports/clock";
import { permanent, type PortError, transient } from "../ports/errors";
import { acquireLease, releasingLease } from "../ports/lease";
import * as log from "../ports/log";

type Needs = Pick<Capabilities, "checkpoints" | "auction" | "clock" | "log"> & {
  /** Orders asked for at a time: what a page may hold, and so what passes through the state machine. */
  readonly pageLimit: number;
  /** Longer than any task and any wait between two tasks. */
  readonly leaseSeconds: number;
};

/** The page an earlier execution began and did not finish keeps its name; a new one is named after this one. */
const pageAt = (position: Position, execution: string, now: Date): Omit<ResultPage, "orders"> => ({
  ...(position.page ?? { run: execution, number: 0, dt: now.toISOString().slice(0, 10) }),
  ...(position.cursor === undefined ? {} : { cursor: position.cursor }),
});

const positionOf = ({ run, number, dt, cursor }: Omit<ResultPage, "orders">): Position => ({
  page: { run, number, dt },
  ...(cursor === undefined ? {} : { cursor }),
});

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

const withinLimit =
  (orders: unknown[]): Step<unknown[]> =>
  ({ pageLimit }) =>
    orders.length <= pageLimit
      ? TE.right(orders)
      : TE.left(permanent("fetching results", `asked for ${pageLimit} orders at most, got ${orders.length}`));

const page = (
  { execution, waits, pages }: FetchInput,
  begun: Omit<ResultPage, "orders">,
  { orders: received = [], cursor }: ResultsAnswer,
): Step<FetchOutput> => {
  // A feed that leads back to this very page would be read for as long as an execution may take.
  const standsStill = cursor !== undefined && cursor === begun.cursor;
  return pipe(
    withinLimit(received),
    RTE.tap(() => write(execution, positionOf(begun), false)),
    RTE.tapReaderIO(() =>
      standsStill ? log.warn("results feed stands still", { execution, cursor }) : log.silence,
    ),
    RTE.map((orders): FetchOutput => ({
      outcome: "page",
      waits,
      pages,
      page: { ...begun, orders, ...(cursor === undefined || standsStill ? {} : { next: cursor }) },
    })),
  );
};

const ask =
  ({ cursor }: Position): Step<ResultsAnswer> =>
  ({ auction, pageLimit }) =>
    auction.results({ limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) });

const fetchAt = (input: FetchInput, position: Position): Step<FetchOutput> =>
  pipe(
    ask(position),
    RTE.bindTo("answer"),
    RTE.bindW("time", () => now),
    RTE.flatMap(({ answer, time }) =>
      answer.results ? page(input, pageAt(position, input.execution, time), answer) : noPage(input, position),
    ),
    releasingLease(input.execution),
  );

const anotherReads = ({ waits, pages }: FetchInput): FetchOutput => ({
  outcome: "done",
  waits,
  pages,
  why: "another execution is reading the results",
});

const fetched = ({ execution }: FetchInput, output: FetchOutput) =>
  log.info("results fetched", {
    execution,
    outcome: output.outcome,
    ...(output.outcome === "page"
      ? { run: output.page.run, page: output.page.number, orders: output.page.orders.length }
      : {}),
  });

/** Fetches the next page of results, for the one execution that holds the lease. */
export const fetchResults = (input: FetchInput): Step<FetchOutput> =>
  pipe(
    acquireLease(input.execution),
    RTE.flatMap((position) =>
      position === undefined ? RTE.right(anotherReads(input)) : fetchAt(input, position),
    ),
    RTE.tapReaderIO((output) => fetched(input, output)),
  );
