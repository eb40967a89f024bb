/** What the model assumes of a day, and what happens in it. Only an environment that has run can tell better. */
import * as E from "fp-ts/Either";
import { parseScheduleExpression } from "../../lib/schedule-expression";
import type { Declared } from "./declared";
import {
  CHANGES_A_PUBLICATION,
  CHANGES_PER_ORDER,
  type Events,
  MESSAGES_A_REQUEST,
  readsOf,
  sendsOf,
  WRITE_UNITS,
  writesOf,
} from "./way";

export type Workload = {
  readonly ordersPerDay: number;
  /** Orders of one POST. */
  readonly ordersPerRequest: number;
  /** Products of one POST. */
  readonly productsPerRequest: number;
  /** How many times the mean rate the busiest second has. */
  readonly peak: number;
  /** Orders a second that the auction platform takes; unknown where nobody has said. */
  readonly auctionRate: number | undefined;
};

export const DEFAULTS: Workload = {
  ordersPerDay: 10_000,
  ordersPerRequest: 100,
  productsPerRequest: 10,
  peak: 10,
  auctionRate: undefined,
};

/** Orders a day for which docs/scale.md has the tables. */
export const SIZES = [1e4, 1e6, 1e8];

export const SECONDS_A_DAY = 86_400;
export const DAYS_A_MONTH = 365 / 12;

/** How often each order is looked at. */
export const LOOKS_PER_ORDER = 1;

/** Milliseconds of an invocation: so many by itself, so many more for each order. Not measured on AWS. */
export const MILLISECONDS: Readonly<Record<string, { readonly call: number; readonly order: number }>> = {
  "place-orders": { call: 40, order: 0.5 },
  "query-orders": { call: 25, order: 0 },
  // And its calls of the auction platform.
  "submit-orders": { call: 40, order: 2 },
  "fetch-results": { call: 350, order: 0 },
  "archive-results": { call: 150, order: 1 },
  "sweep-orders": { call: 250, order: 0 },
  "notify-slack": { call: 300, order: 0 },
  // An order is a write to one here; 15 ms of SNS for ten changes, one publication after the other.
  "publish-changes": { call: 20, order: 1.5 },
};

/** Of the auction platform, for a call and for each further order in it; so many calls at a time. */
export const AUCTION = { call: 150, further: 1, atOnce: 5 };

type Firings = {
  readonly perDay: number;
  /** Seconds of a day in which what it starts may run, for at most an hour each time. */
  readonly seconds: number;
};

const HOUR_SECONDS = 3_600;
const NEVER: Firings = { perDay: 0, seconds: 0 };

const every = (seconds: number): Firings => {
  const perDay = SECONDS_A_DAY / seconds;
  return { perDay, seconds: Math.min(perDay * HOUR_SECONDS, SECONDS_A_DAY) };
};

const firings = ({ schedule_expression: expression, state }: Declared["schedules"]["results"]): Firings => {
  if (state !== "ENABLED") return NEVER;
  // The local platform's own, which AWS does not know.
  const seconds = /^rate\((\d+) seconds?\)$/.exec(expression)?.[1];
  if (seconds !== undefined) return every(Number(seconds));
  const parsed = parseScheduleExpression(expression);
  if (E.isLeft(parsed) || parsed.right._tag === "At") return NEVER;
  if (parsed.right._tag === "Rate") return every(parsed.right.everyMinutes * 60);
  const { minutes, hours } = parsed.right;
  return {
    perDay: minutes.size * hours.size,
    seconds: Math.min((hours.size + 1) * HOUR_SECONDS, SECONDS_A_DAY),
  };
};

export const resultsOf = ({ schedules }: Declared): Firings => firings(schedules.results);

/** Batches and pages are as full as the day allows. */
export const eventsOf = (
  declared: Declared,
  { ordersPerDay: orders, ordersPerRequest, productsPerRequest }: Workload,
): Events => {
  const requests = orders / ordersPerRequest;
  const pages = Math.ceil(orders / declared.pageLimit);
  const executions = resultsOf(declared).perDay;
  const { batchSize: followed = 1, queues = 0 } = declared.changes ?? {};
  const changes = declared.changes === undefined ? 0 : orders * CHANGES_PER_ORDER;
  const batches = orders / declared.batchSize;
  return {
    order: orders,
    request: requests,
    send: requests * sendsOf(ordersPerRequest),
    // Accepted and rejected orders of a page are written apart.
    write:
      requests * writesOf(ordersPerRequest) +
      batches * writesOf(declared.batchSize) +
      (orders / declared.ordersPerCall) * writesOf(declared.ordersPerCall) +
      pages * (writesOf(Math.min(declared.pageLimit, orders)) + 1),
    batch: batches,
    receive: orders / Math.min(declared.batchSize, MESSAGES_A_REQUEST),
    page: pages,
    read:
      pages * readsOf(Math.min(declared.pageLimit, orders)) +
      (declared.limitsDays ? requests * readsOf(ordersPerRequest) : 0),
    limited: declared.limitsDays ? requests * Math.min(productsPerRequest, ordersPerRequest) : 0,
    rejectedPage: pages,
    execution: executions,
    wait: Math.max(executions - pages, 0),
    look: orders * LOOKS_PER_ORDER,
    sweep: firings(declared.schedules.sweep).perDay,
    follow: declared.changes === undefined ? 0 : (orders * WRITE_UNITS.table) / followed,
    publication: changes / CHANGES_A_PUBLICATION,
    delivery: changes * queues,
  };
};
