import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as TE from "fp-ts/TaskEither";
import { type AnnouncedOrder, type Announcement, inMessages } from "../domain/announcement";
import { awardedTo, awardIn } from "../domain/award";
import { isTestOrder, type OrderId } from "../domain/order";
import { archived } from "../domain/archived-order";
import { archiveKey, closedKey, quarantineKey } from "../domain/archive";
import { decodeResults, type Result, type SetAside } from "../domain/results";
import type { ArchiveInput, ArchiveOutput } from "../domain/results-task";
import { settle, type Settlement } from "../domain/settlement";
import type { Verdict } from "../domain/status";
import type { FoundOrder, StoredOrder } from "../domain/stored-order";
import { traverseSteps } from "../fp/bounded";
import { embedded, NEWEST_RESULTS, reached } from "../metrics";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import { type PortError, transient } from "../ports/errors";
import { acquireLease } from "../ports/lease";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { foresee } from "./foresee";
import { decided, keysOf, named, type Page } from "./page";

type Needs = Pick<
  Capabilities,
  "orders" | "rawPages" | "archive" | "notifier" | "checkpoints" | "clock" | "log" | "environment"
> & {
  readonly leaseSeconds: number;
  /** Seconds the table keeps a decided order. */
  readonly retentionSeconds: number;
};
type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

const WRITES_AT_ONCE = 100;
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

const read =
  (key: string): Step<ReadonlyArray<unknown>> =>
  ({ rawPages }) =>
    pipe(
      rawPages.read(key),
      TE.map(({ orders = [] }) => orders),
    );

const settlementOf = (page: Page, received: ReadonlyArray<unknown>): Step<Settlement> => {
  const { results, malformed } = decodeResults(received);
  return pipe(
    get(results),
    RTE.tapReaderIO((stored) => logUnreadable(RA.lefts([...stored.values()]))),
    RTE.map((stored) => settle(results, stored, { keys: keysOf(page), isReplayed: page.isReplayed })),
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
  (verdict: Verdict, page: Page, at: Date) =>
  (order: StoredOrder): Step<unknown> => {
    const { decided_at = at.toISOString() } = decided(verdict, page)(order);
    return pipe(
      ({ orders, retentionSeconds }: Needs) =>
        orders.change(order.order_id, {
          _tag: "Decided",
          at: decided_at,
          verdict,
          award: awardIn(order),
          archiveKey: keysOf(page)[verdict],
          expiresAt: Math.floor(at.getTime() / 1_000) + retentionSeconds,
        }),
      RTE.tapReaderIO((isWritten) =>
        log.info(`order ${verdict}`, {
          order_id: order.order_id,
          request_id: order.request_id,
          ...(isWritten
            ? {
                product: order.product,
                power: order.power,
                awarded_power: awardedTo({ ...order, status: verdict }),
                ...reached(verdict, order, new Date(decided_at)),
              }
            : {}),
        }),
      ),
    );
  };

const writeVerdicts = (verdict: Verdict, decided: ReadonlyArray<StoredOrder>, page: Page): Step<unknown> =>
  pipe(
    now,
    RTE.flatMap((at) => pipe(decided, traverseSteps(WRITES_AT_ONCE)(writeVerdict(verdict, page, at)))),
  );

/** The same orders in the same order give the same bytes, so that archiving again changes nothing. */
const putPage = (verdict: Verdict, orders: ReadonlyArray<StoredOrder>, page: Page): Step<void> =>
  put(keysOf(page)[verdict], {
    run: page.run,
    page: page.number,
    orders: orders.map(decided(verdict, page)).map(archived),
  });

const archiveAccepted = (page: Page, { accepted, unwritten }: Settlement): Step<unknown> =>
  accepted.length === 0
    ? nothingToDo
    : pipe(
        putPage("accepted", accepted, page),
        RTE.flatMap(() => writeVerdicts("accepted", unwritten, page)),
      );

const announceAll = (
  orders: ReadonlyArray<StoredOrder>,
  announcement: (environment: string, orders: ReadonlyArray<AnnouncedOrder>) => Announcement,
): Step<unknown> =>
  pipe(
    inMessages(orders),
    traverseSteps(1)((some) => announce((environment) => announcement(environment, some))),
  );

/** Beside their announcement, which must not wait for it: until both are done, the page is not. */
const archiveRejected = (page: Page, { closed }: Settlement): Step<unknown> =>
  closed.length === 0 ? nothingToDo : putPage("rejected", closed, page);

/** Announced, then written: once an order is `rejected`, people have been told. */
const announceRejected = (page: Page, { rejected }: Settlement): Step<unknown> => {
  const { left: real, right: tests } = RA.partition(isTestOrder)(rejected);
  return pipe(
    announceAll(real, (environment, orders) => ({
      kind: "orders-rejected",
      environment,
      key: closedKey(page),
      orders,
    })),
    RTE.flatMap(() =>
      announceAll(tests, (environment, orders) => ({ kind: "test-orders-closed", environment, orders })),
    ),
    RTE.flatMap(() => writeVerdicts("rejected", rejected, page)),
  );
};

const quarantine = (page: Page, setAside: ReadonlyArray<SetAside>): Step<unknown> =>
  setAside.length === 0
    ? nothingToDo
    : pipe(
        put(quarantineKey(page), {
          run: page.run,
          page: page.number,
          raw: page.key,
          set_aside: setAside,
        }),
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
const settleAll = (page: Page, settlement: Settlement): Step<unknown> =>
  pipe(
    RT.sequenceArray([
      archiveAccepted(page, settlement),
      announceRejected(page, settlement),
      archiveRejected(page, settlement),
      foresee(page.run, settlement.foreseen),
      quarantine(page, settlement.setAside),
    ]),
    RT.map(E.sequenceArray),
  );

/** Only now is the page done: until here, the next reader of the feed gets this page again, under its name. */
const commit =
  ({ execution, page }: ArchiveInput): Step<void> =>
  ({ checkpoints }) => {
    // A page that is archived again has no place in the feed.
    if (!("run" in page)) return checkpoints.release(execution);
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

type Counts = Pick<ArchiveOutput, "accepted" | "rejected" | "quarantined">;

const settlePage = (page: Page): Step<Counts> =>
  pipe(
    read(page.key),
    RTE.flatMap((received) => settlementOf(page, received)),
    RTE.tap((settlement) => settleAll(page, settlement)),
    RTE.map(({ accepted, rejected, setAside }) => ({
      accepted: accepted.length,
      rejected: rejected.length,
      quarantined: setAside.length,
    })),
  );

const refuse = (key: string, reason: string): Step<Counts> =>
  pipe(
    announce((environment) => ({ kind: "page-refused", environment, key, reason })),
    RTE.as({ accepted: 0, rejected: 0, quarantined: 0 }),
  );

const logArchived =
  ({ execution, page }: ArchiveInput, { key: raw, ...name }: Page) =>
  (counts: Counts): Step<void> =>
    pipe(
      now,
      RTE.flatMapReaderIO((at) =>
        log.info("page archived", {
          execution,
          key: archiveKey(name),
          ...(counts.rejected === 0 ? {} : { closed: closedKey(name) }),
          raw,
          ...counts,
          // One that is archived again is not the newest.
          ...("run" in page
            ? embedded(at, [NEWEST_RESULTS, "Seconds", Math.floor(at.getTime() / 1_000)])
            : {}),
        }),
      ),
    );

/**
 * Archives one page of results: accepted orders into the page's object, rejected ones announced, what cannot
 * be counted set aside; then the orders' statuses, then the page is committed. Every step may be repeated,
 * after a failure or a crash anywhere, by this or another execution. A page that is too large is announced, and
 * the feed goes on behind it.
 */
export const archiveResults = (input: ArchiveInput): Step<ArchiveOutput> => {
  const { refused, next } = { refused: undefined, next: undefined, ...input.page };
  return pipe(
    holdLease(input.execution),
    RTE.flatMap(() => now),
    RTE.map((at) => named(input, at)),
    RTE.bindTo("page"),
    RTE.bind("counts", ({ page }) => (refused === undefined ? settlePage(page) : refuse(page.key, refused))),
    RTE.tap(() => commit(input)),
    RTE.tap(({ page, counts }) => logArchived(input, page)(counts)),
    RTE.map(({ counts }) => ({
      outcome: next === undefined ? "done" : "more",
      waits: 0,
      pages: input.pages + 1,
      ...counts,
    })),
  );
};
