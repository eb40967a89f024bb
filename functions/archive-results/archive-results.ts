import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import { announced, type Announcement } from "../domain/announcement";
import { isTestOrder, type OrderId } from "../domain/order";
import { archiveKey, quarantineKey } from "../domain/archive";
import { decodeResults, type Result, type ResultPage, type SetAside } from "../domain/results";
import type { ArchiveInput, ArchiveOutput } from "../domain/results-task";
import { settle, type Settlement } from "../domain/settlement";
import type { Verdict } from "../domain/status";
import type { FoundOrder, StoredOrder } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import { type PortError, transient } from "../ports/errors";
import { acquireLease, releasingLease } from "../ports/lease";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";

type Needs = Pick<
  Capabilities,
  "orders" | "archive" | "notifier" | "checkpoints" | "clock" | "log" | "environment"
> & {
  readonly leaseSeconds: number;
  /** Seconds the table keeps a decided order. */
  readonly retentionSeconds: number;
};
type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

const WRITES_AT_ONCE = 16;
/** Reasons an announcement quotes; the object under its key has them all. */
const REASONS_QUOTED = 10;

const takenOver = transient("archiving results", "another execution took over");

const nothingToDo: Step<void> = RTE.right(undefined);

const holdLease = (execution: string): Step<void> =>
  pipe(
    acquireLease(execution),
    RTE.flatMap((position) => (position === undefined ? RTE.left(takenOver) : nothingToDo)),
  );

const get =
  (results: ReadonlyArray<Result>): Step<ReadonlyMap<OrderId, FoundOrder>> =>
  ({ orders }) =>
    orders.get(results.map(({ order_id }) => order_id));

const readSettlement = (page: ResultPage): Step<Settlement> => {
  const { results, malformed } = decodeResults(page.orders);
  return pipe(
    get(results),
    RTE.tapReaderIO((stored) => logUnreadable(RA.lefts([...stored.values()]))),
    RTE.map((stored) => settle(results, stored, archiveKey(page))),
    RTE.map((settlement) => ({ ...settlement, setAside: [...malformed, ...settlement.setAside] })),
  );
};

const put =
  (key: string, content: unknown): Step<void> =>
  ({ archive }) =>
    archive.put(key, content);

/** @param announcement of an environment, which the function knows */
const announce =
  (announcement: (environment: string) => Announcement): Step<void> =>
  ({ notifier, environment }) =>
    notifier.announce(announcement(environment));

const writeVerdict =
  (verdict: Verdict, page: ResultPage, at: Date) =>
  ({ order_id, request_id }: StoredOrder): Step<unknown> =>
    pipe(
      ({ orders, retentionSeconds }: Needs) =>
        orders.change(order_id, {
          _tag: "Decided",
          at: at.toISOString(),
          verdict,
          archiveKey: archiveKey(page),
          expiresAt: Math.floor(at.getTime() / 1_000) + retentionSeconds,
        }),
      RTE.tapReaderIO(() => log.info(`order ${verdict}`, { order_id, request_id })),
    );

const writeVerdicts = (
  verdict: Verdict,
  decided: ReadonlyArray<StoredOrder>,
  page: ResultPage,
): Step<unknown> =>
  pipe(
    now,
    RTE.flatMap((at) => pipe(decided, traverseSteps(WRITES_AT_ONCE)(writeVerdict(verdict, page, at)))),
  );

/** The same orders in the same order give the same bytes, so that archiving again changes nothing. */
const archiveAccepted = (page: ResultPage, { accepted, unwritten }: Settlement): Step<unknown> =>
  accepted.length === 0
    ? nothingToDo
    : pipe(
        put(archiveKey(page), {
          run: page.run,
          page: page.number,
          orders: accepted.map(({ order_id, product, power }) => ({
            order_id,
            product,
            status: "accepted",
            power,
          })),
        }),
        RTE.flatMap(() => writeVerdicts("accepted", unwritten, page)),
      );

const announceAny = (
  orders: ReadonlyArray<StoredOrder>,
  announcement: (environment: string) => Announcement,
): Step<void> => (orders.length === 0 ? nothingToDo : announce(announcement));

/** Announced, then written: once an order is `rejected`, people have been told. */
const announceRejected = (page: ResultPage, { rejected }: Settlement): Step<unknown> => {
  const { left: real, right: tests } = RA.partition(isTestOrder)(rejected);
  return pipe(
    announceAny(real, (environment) => ({
      kind: "orders-rejected",
      environment,
      key: archiveKey(page),
      orders: real.map(announced),
    })),
    RTE.flatMap(() =>
      announceAny(tests, (environment) => ({
        kind: "test-orders-closed",
        environment,
        orders: tests.map(announced),
      })),
    ),
    RTE.flatMap(() => writeVerdicts("rejected", rejected, page)),
  );
};

const quarantine = (page: ResultPage, setAside: ReadonlyArray<SetAside>): Step<unknown> =>
  setAside.length === 0
    ? nothingToDo
    : pipe(
        put(quarantineKey(page), { run: page.run, page: page.number, set_aside: setAside }),
        RTE.flatMap(() =>
          announce((environment) => ({
            kind: "results-quarantined",
            environment,
            key: quarantineKey(page),
            count: setAside.length,
            reasons: setAside.slice(0, REASONS_QUOTED).map(({ reason }) => reason),
          })),
        ),
      );

/** Each runs even where another fails: rejections are announced while the archive is down. */
const settleAll = (page: ResultPage, settlement: Settlement): Step<unknown> =>
  pipe(
    RT.sequenceArray([
      archiveAccepted(page, settlement),
      announceRejected(page, settlement),
      quarantine(page, settlement.setAside),
    ]),
    RT.map(E.sequenceArray),
  );

/** Only now is the page done: until here, the next reader of the feed gets this page again, under its name. */
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
      TE.flatMap((written) => (written ? TE.right(undefined) : TE.left(takenOver))),
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
export const archiveResults = (input: ArchiveInput): Step<ArchiveOutput> =>
  pipe(
    holdLease(input.execution),
    RTE.flatMap(() =>
      pipe(
        readSettlement(input.page),
        RTE.tap((settlement) => settleAll(input.page, settlement)),
        RTE.tap(() => commit(input)),
        releasingLease(input.execution),
      ),
    ),
    RTE.map((settlement) => output(input, settlement)),
    RTE.tapReaderIO(({ accepted, rejected, quarantined }) =>
      log.info("page archived", {
        execution: input.execution,
        key: archiveKey(input.page),
        accepted,
        rejected,
        quarantined,
      }),
    ),
  );
