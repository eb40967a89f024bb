/** Which limit the load meets first, and what the environment's file must say. */
import { SHARDS } from "../../functions/adapters/order-item";
import type { Declared } from "./declared";
import { durationOf } from "./usage";
import { eventsOf, resultsOf, LOOKS_PER_ORDER, SECONDS_A_DAY, type Workload } from "./workload";
import { WRITE_UNITS } from "./way";

export type Quota = {
  readonly name: string;
  readonly limit: number;
  /** What the load asks for. */
  readonly used: number;
  readonly unit: string;
  /** What the file must say, or who raises the limit, once it is met. */
  readonly then: string;
};

/** AWS's, in eu-central-1, of an account that has asked for no more; `docs/scale.md` says where each stands. */
const AWS = {
  partitionWrites: 1_000,
  tableWrites: 40_000,
  inFlight: 120_000,
  concurrency: 1_000,
  unreserved: 100,
  apiRate: 10_000,
  transitions: 800,
};
/** Writes to an order's row of the index while it is `received`, the status with the most. */
const ROW_WRITES = 3;

const up = (value: number): string => Math.ceil(value).toLocaleString("en");

/** The share of a limit that is used. */
export const shareOf = ({ used, limit }: Quota): number => used / limit;

export const quotas = (declared: Declared, workload: Workload): ReadonlyArray<Quota> => {
  const { ordersPerDay, ordersPerRequest, peak, auctionRate } = workload;
  const events = eventsOf(declared, workload);
  const mean = ordersPerDay / SECONDS_A_DAY;
  const orders = mean * peak;
  const posts = orders / ordersPerRequest;
  const looks = orders * LOOKS_PER_ORDER;
  const seconds = (name: string): number => durationOf(name, declared, workload) / 1_000;
  const reserved = (name: string) => declared.functions.find((one) => one.name === name)?.reserved;
  const submitting = (mean / declared.batchSize) * seconds("submit-orders");
  const pageSeconds = seconds("fetch-results") + seconds("archive-results");
  const results = resultsOf(declared);
  const concurrent = (name: string, used: number, also = ""): Quota => ({
    name: `${name}, at once`,
    limit: reserved(name) ?? AWS.concurrency - AWS.unreserved,
    used,
    unit: "invocations",
    then: `functions.${name}.concurrency: ${up(used)}${also}`,
  });
  return [
    {
      name: "API, the environment's throttling",
      limit: declared.throttling.rate,
      used: posts + looks,
      unit: "requests/s",
      then: `api.throttling.rate: ${up(posts + looks)}`,
    },
    {
      name: "API, the account's rate",
      limit: AWS.apiRate,
      used: posts + looks,
      unit: "requests/s",
      then: "more orders in a request, lists instead of looks; then AWS raises the account's rate",
    },
    concurrent("place-orders", posts * seconds("place-orders")),
    concurrent("query-orders", looks * seconds("query-orders")),
    concurrent("submit-orders", submitting),
    {
      name: "submit-orders, batches at once",
      limit: declared.submissionsAtOnce,
      used: submitting,
      unit: "batches",
      then: `submissions_at_once: ${up(submitting)} (at most 1,000)`,
    },
    {
      name: "Lambda, the account's concurrency",
      limit: AWS.concurrency - AWS.unreserved,
      used: posts * seconds("place-orders") + looks * seconds("query-orders") + submitting,
      unit: "invocations",
      then: "AWS raises the account's concurrency",
    },
    {
      name: "orders table, writes",
      limit: AWS.tableWrites,
      used: orders * WRITE_UNITS.table,
      unit: "units/s",
      then: "AWS raises the table's limit",
    },
    ...(declared.limitsDays
      ? [
          {
            name: "sums table, one product's item",
            limit: AWS.partitionWrites,
            // As if every request had an order of the same product.
            used: posts,
            unit: "writes/s",
            then: "more orders in a request; orders.limits without a day's limit of that product",
          },
        ]
      : []),
    {
      name: "index in-flight, its shards of a status",
      limit: AWS.partitionWrites * SHARDS,
      // An order comes to `received`, is claimed there and goes from it.
      used: orders * ROW_WRITES,
      unit: "units/s",
      then: `SHARDS in functions/adapters/order-item.ts: ${up((orders * ROW_WRITES) / AWS.partitionWrites)}`,
    },
    {
      name: "orders queue, in flight",
      limit: AWS.inFlight,
      used: Math.min(submitting, declared.submissionsAtOnce) * declared.batchSize,
      unit: "messages",
      then: "never: submissions_at_once bounds it",
    },
    {
      name: "results, one reader",
      limit: results.seconds,
      used: events.page * pageSeconds,
      unit: "s/day",
      then: `results.page_limit: 1000 and schedules.results all day; beyond ${up(
        (SECONDS_A_DAY / pageSeconds) * declared.pageLimit,
      )} orders a day pages must be read side by side, which the auction's cursor does not allow`,
    },
    {
      name: "results, pages of all executions",
      limit: results.perDay * declared.pagesAtMost,
      used: events.page,
      unit: "pages/day",
      then: "schedules.results more often, results.page_limit larger: the next execution reads on",
    },
    {
      name: "Step Functions, transitions",
      limit: AWS.transitions,
      used: 4 / pageSeconds,
      unit: "per s",
      then: "never: one page is read after the other",
    },
    ...(auctionRate === undefined
      ? []
      : [
          {
            name: "auction platform, its rate",
            limit: auctionRate,
            used: mean,
            unit: "orders/s",
            then: "agree on more with the auction platform; a lower submissions_at_once keeps below it",
          },
        ]),
  ];
};

/** What was planned for a month, where the environment's file says it. */
export const budgetOf = ({ budget }: Declared, dollars: number): ReadonlyArray<Quota> =>
  budget === undefined
    ? []
    : [
        {
          name: "budget of a month",
          limit: budget,
          used: dollars,
          unit: "US$",
          then: `budget.usd_per_month: ${up(dollars)}`,
        },
      ];

/** The nearest limit first. */
export const ordered = (all: ReadonlyArray<Quota>): ReadonlyArray<Quota> =>
  [...all].sort((a, b) => shareOf(b) - shareOf(a));
