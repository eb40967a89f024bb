import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import type * as RTE from "fp-ts/ReaderTaskEither";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import { announced } from "../domain/announcement";
import { isTestOrder } from "../domain/order";
import { archiveKey, decodeResults, quarantineKey, type ResultPage, type SetAside } from "../domain/results";
import type { ArchiveInput, ArchiveOutput } from "../domain/results-task";
import { settle, type Settlement } from "../domain/settlement";
import type { Verdict } from "../domain/status";
import type { StoredOrder } from "../domain/stored-order";
import { traverseBounded } from "../fp/bounded";
import { releasingForGood } from "../fp/holding";
import type { Capabilities } from "../ports/capabilities";
import { type PortError, transient } from "../ports/errors";
import { logUnreadable } from "../ports/unreadable";

type Needs = Pick<
  Capabilities,
  "orders" | "archive" | "notifier" | "checkpoints" | "clock" | "log" | "environment"
> & {
  readonly leaseSeconds: number;
  /** Seconds the table keeps a decided order. */
  readonly retentionSeconds: number;
};
type Step<A> = (needs: Needs) => TE.TaskEither<PortError, A>;

const WRITES_AT_ONCE = 16;
/** Reasons an announcement quotes; the object under its key has them all. */
const REASONS_QUOTED = 10;

const ended = transient("archiving results", "another execution took over");

const holdLease =
  (execution: string): Step<void> =>
  ({ checkpoints, clock, leaseSeconds }) => {
    const now = clock.now().getTime();
    return pipe(
      checkpoints.acquire({ holder: execution, now, until: now + leaseSeconds * 1_000 }),
      TE.flatMap((position) => (position === undefined ? TE.left(ended) : TE.right(undefined))),
    );
  };

const readSettlement =
  (page: ResultPage): Step<Settlement> =>
  (needs) => {
    const { results, malformed } = decodeResults(page.orders);
    return pipe(
      needs.orders.get(results.map(({ order_id }) => order_id)),
      TE.tapIO((stored) => logUnreadable(RA.lefts([...stored.values()]))(needs)),
      TE.map((stored) => settle(results, stored, archiveKey(page))),
      TE.map((settlement) => ({ ...settlement, setAside: [...malformed, ...settlement.setAside] })),
    );
  };

const writeVerdicts =
  (verdict: Verdict, decided: ReadonlyArray<StoredOrder>, page: ResultPage): Step<void> =>
  ({ orders, clock, log, retentionSeconds }) => {
    const now = clock.now();
    return pipe(
      decided,
      traverseBounded(WRITES_AT_ONCE)(({ order_id, request_id }: StoredOrder) =>
        pipe(
          orders.change(order_id, {
            _tag: "Decided",
            at: now.toISOString(),
            verdict,
            archiveKey: archiveKey(page),
            expiresAt: Math.floor(now.getTime() / 1_000) + retentionSeconds,
          }),
          TE.tapIO(() => log.info(`order ${verdict}`, { order_id, request_id })),
        ),
      ),
      TE.asUnit,
    );
  };

/** The same orders in the same order give the same bytes, so that archiving again changes nothing. */
const archiveAccepted =
  (page: ResultPage, { accepted, unwritten }: Settlement): Step<void> =>
  (needs) =>
    accepted.length === 0
      ? TE.right(undefined)
      : pipe(
          needs.archive.put(archiveKey(page), {
            run: page.run,
            page: page.number,
            orders: accepted.map(({ order_id, product, power }) => ({
              order_id,
              product,
              status: "accepted",
              power,
            })),
          }),
          TE.flatMap(() => writeVerdicts("accepted", unwritten, page)(needs)),
        );

/** Announced, then written: once an order is `rejected`, people have been told. */
const announceRejected =
  (page: ResultPage, { rejected }: Settlement): Step<void> =>
  (needs) => {
    const { notifier, environment } = needs;
    const { left: real, right: tests } = RA.partition(isTestOrder)(rejected);
    return pipe(
      real.length === 0
        ? TE.right(undefined)
        : notifier.announce({
            kind: "orders-rejected",
            environment,
            key: archiveKey(page),
            orders: real.map(announced),
          }),
      TE.flatMap(() =>
        tests.length === 0
          ? TE.right(undefined)
          : notifier.announce({ kind: "test-orders-closed", environment, orders: tests.map(announced) }),
      ),
      TE.flatMap(() => writeVerdicts("rejected", rejected, page)(needs)),
    );
  };

const quarantine =
  (page: ResultPage, setAside: ReadonlyArray<SetAside>): Step<void> =>
  ({ archive, notifier, environment }) =>
    setAside.length === 0
      ? TE.right(undefined)
      : pipe(
          archive.put(quarantineKey(page), { run: page.run, page: page.number, set_aside: setAside }),
          TE.flatMap(() =>
            notifier.announce({
              kind: "results-quarantined",
              environment,
              key: quarantineKey(page),
              count: setAside.length,
              reasons: setAside.slice(0, REASONS_QUOTED).map(({ reason }) => reason),
            }),
          ),
        );

/** None keeps the others from being done: a rejection is announced though the archive be down. */
const settleAll =
  (page: ResultPage, settlement: Settlement): Step<void> =>
  (needs) =>
    pipe(
      T.sequenceArray(
        [
          archiveAccepted(page, settlement),
          announceRejected(page, settlement),
          quarantine(page, settlement.setAside),
        ].map((step) => step(needs)),
      ),
      T.map((done) => done.find(E.isLeft) ?? E.right(undefined)),
    );

/** Only now is the page done: until here, whoever reads the feed next gets this page again, under its name. */
const commit =
  ({ execution, page }: ArchiveInput): Step<void> =>
  ({ checkpoints }) => {
    const cursor = page.next ?? page.cursor;
    return pipe(
      checkpoints.write(
        execution,
        {
          ...(cursor === undefined ? {} : { cursor }),
          ...(page.next === undefined
            ? {}
            : { page: { run: page.run, number: page.number + 1, dt: page.dt } }),
        },
        page.next === undefined,
      ),
      TE.flatMap((written) => (written ? TE.right(undefined) : TE.left(ended))),
    );
  };

const output = ({ page, pages }: ArchiveInput, settlement: Settlement): ArchiveOutput => ({
  outcome: page.next === undefined ? "done" : "more",
  waits: 0,
  pages: pages + 1,
  accepted: settlement.accepted.length,
  rejected: settlement.rejected.length,
  quarantined: settlement.setAside.length,
});

/**
 * Archives one page of results: accepted orders into the page's object, rejected ones announced, what cannot
 * be counted set aside; then the orders' statuses, then the page is committed. Every step may be repeated,
 * after a failure or a crash anywhere, by this or another execution.
 */
export const archiveResults =
  (input: ArchiveInput): RTE.ReaderTaskEither<Needs, PortError, ArchiveOutput> =>
  (needs) =>
    pipe(
      holdLease(input.execution)(needs),
      TE.flatMap(() =>
        pipe(
          readSettlement(input.page)(needs),
          TE.tap((settlement) => settleAll(input.page, settlement)(needs)),
          TE.tap(() => commit(input)(needs)),
          releasingForGood(needs.checkpoints, input.execution),
        ),
      ),
      TE.map((settlement) => output(input, settlement)),
      TE.tapIO(({ accepted, rejected, quarantined }) =>
        needs.log.info("page archived", {
          execution: input.execution,
          key: archiveKey(input.page),
          accepted,
          rejected,
          quarantined,
        }),
      ),
    );
