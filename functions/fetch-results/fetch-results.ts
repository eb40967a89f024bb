import { pipe } from "fp-ts/function";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import type { ResultPage, ResultsAnswer } from "../domain/results";
import type { FetchInput, FetchOutput } from "../domain/results-task";
import { releasingForGood } from "../fp/holding";
import type { Capabilities, Position } from "../ports/capabilities";
import { permanent, type PortError, transient } from "../ports/errors";

type Needs = Pick<Capabilities, "checkpoints" | "auction" | "clock" | "log"> & {
  /** Orders asked for at a time: what a page may hold, and so what passes through the state machine. */
  readonly pageLimit: number;
  /** Longer than any task and any wait between two of them. */
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

const write =
  (execution: string, position: Position, release: boolean) =>
  ({ checkpoints }: Needs): TE.TaskEither<PortError, void> =>
    pipe(
      checkpoints.write(execution, position, release),
      TE.flatMap((written) =>
        written ? TE.right(undefined) : TE.left(transient("fetching results", "another execution took over")),
      ),
    );

/** Nothing (yet) to read: the end after some pages, a reason to wait before the first. */
const nothing =
  ({ execution, waits, pages }: FetchInput, position: Position) =>
  (needs: Needs): TE.TaskEither<PortError, FetchOutput> =>
    pipe(
      write(execution, position, true)(needs),
      TE.map((): FetchOutput =>
        pages > 0
          ? { outcome: "done", waits, pages, why: "all results there are have been read" }
          : { outcome: "wait", waits: waits + 1, pages },
      ),
    );

const page =
  ({ execution, waits, pages }: FetchInput, begun: Omit<ResultPage, "orders">, answer: ResultsAnswer) =>
  (needs: Needs): TE.TaskEither<PortError, FetchOutput> => {
    const orders = answer.orders ?? [];
    if (orders.length > needs.pageLimit)
      return TE.left(
        permanent("fetching results", `asked for ${needs.pageLimit} orders at most, got ${orders.length}`),
      );
    // A feed that leads back to this very page would be read for as long as an execution may take.
    const standsStill = answer.cursor !== undefined && answer.cursor === begun.cursor;
    return pipe(
      write(execution, positionOf(begun), false)(needs),
      TE.tapIO(() =>
        standsStill
          ? needs.log.warn("results feed stands still", { execution, cursor: begun.cursor })
          : () => undefined,
      ),
      TE.map((): FetchOutput => ({
        outcome: "page",
        waits,
        pages,
        page: {
          ...begun,
          orders,
          ...(answer.cursor === undefined || standsStill ? {} : { next: answer.cursor }),
        },
      })),
    );
  };

/** Fetches the next page of results, for the one execution that holds the lease. */
export const fetchResults =
  (input: FetchInput): RTE.ReaderTaskEither<Needs, PortError, FetchOutput> =>
  (needs) => {
    const { checkpoints, auction, clock, log, pageLimit, leaseSeconds } = needs;
    const now = clock.now();
    return pipe(
      checkpoints.acquire({
        holder: input.execution,
        now: now.getTime(),
        until: now.getTime() + leaseSeconds * 1_000,
      }),
      TE.flatMap((position): TE.TaskEither<PortError, FetchOutput> => {
        if (position === undefined)
          return TE.right({ ...input, outcome: "done", why: "another execution is reading the results" });
        const begun = pageAt(position, input.execution, now);
        return pipe(
          auction.results({
            limit: pageLimit,
            ...(position.cursor === undefined ? {} : { cursor: position.cursor }),
          }),
          TE.flatMap((answer) =>
            answer.results ? page(input, begun, answer)(needs) : nothing(input, position)(needs),
          ),
          releasingForGood(checkpoints, input.execution),
        );
      }),
      TE.tapIO((output) =>
        log.info("results fetched", {
          execution: input.execution,
          outcome: output.outcome,
          ...(output.outcome === "page"
            ? { run: output.page.run, page: output.page.number, orders: output.page.orders.length }
            : {}),
        }),
      ),
    );
  };
