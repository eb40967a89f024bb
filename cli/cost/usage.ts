/** What a month uses of each resource, and what that costs. */
import type { Declared } from "./declared";
import { cost, type Priced, PRICES } from "./prices";
import { AUCTION, DAYS_A_MONTH, eventsOf, MILLISECONDS, SECONDS_A_DAY, type Workload } from "./workload";
import { type Request, requestsOf, WRITE_UNITS } from "./way";

/** Bytes of an order in each place, with the hundred that DynamoDB adds to each item and entry. */
const BYTES = {
  table: 720,
  "in-flight": 0,
  decided: 720,
  listed: 250,
  /** As the page came, and as it is archived. */
  archived: 650,
};
/**
 * Of a log: what Lambda writes of an invocation, a line of the API's access log, a line of an order in a function, a
 * line of the changes that were told together.
 */
const LOGGED = { invocation: 900, access: 350, order: 230, publication: 600 };
/** Lines of logs that name one order: submitted, decided. */
const LINES_PER_ORDER = 2;

const inIndex = (figures: Readonly<Record<string, number>>, name: string): number => figures[name] ?? 0;

const GB = 1e9;
/** Of what comes above one trace a second. */
const TRACED = 0.05;

const traced = (invocations: number): number =>
  Math.min(invocations, SECONDS_A_DAY) + TRACED * Math.max(invocations - SECONDS_A_DAY, 0);

const ordersPerInvocation = (
  name: string,
  declared: Declared,
  { ordersPerRequest, ordersPerDay }: Workload,
): number =>
  ({
    "place-orders": ordersPerRequest,
    "submit-orders": declared.batchSize,
    "archive-results": Math.min(declared.pageLimit, ordersPerDay),
    "publish-changes": declared.changes?.batchSize ?? 0,
  })[name] ?? 1;

/** In which submit-orders waits for the auction platform. */
const calling = ({ batchSize, ordersPerCall }: Declared): number => {
  const calls = Math.ceil(batchSize / ordersPerCall);
  return Math.ceil(calls / AUCTION.atOnce) * (AUCTION.call + AUCTION.further * (ordersPerCall - 1));
};

/** Milliseconds of one invocation. */
export const durationOf = (name: string, declared: Declared, workload: Workload): number => {
  const { call, order } = MILLISECONDS[name] ?? { call: 0, order: 0 };
  return (
    call +
    order * ordersPerInvocation(name, declared, workload) +
    (name === "submit-orders" ? calling(declared) : 0)
  );
};

export const usage = (declared: Declared, workload: Workload) => {
  const { ordersPerDay: orders } = workload;
  const events = eventsOf(declared, workload);
  const daily: Readonly<Record<string, number>> = requestsOf(events);
  const of = (request: Request): number => daily[request] ?? 0;
  const line = (resource: string, priced: Priced, perDay: number) =>
    held(resource, priced, perDay * DAYS_A_MONTH);
  /** What is there all month, and not used by the day. */
  const held = (resource: string, priced: Priced, amount: number) => ({
    resource,
    amount,
    unit: PRICES[priced].unit,
    perOrder: amount / (orders * DAYS_A_MONTH),
    dollars: cost(priced, amount),
  });
  const functions = declared.functions.filter(({ name }) => MILLISECONDS[name] !== undefined);
  const invocations = (name: string): number => daily[`lambda ${name}`] ?? 0;
  const allInvocations = functions.reduce((sum, { name }) => sum + invocations(name), 0);
  const kept = orders * declared.ordersDays;
  const logged =
    (allInvocations * LOGGED.invocation +
      (of("execute-api POST /orders") + of("execute-api GET /orders/{order_id}")) * LOGGED.access +
      orders * LINES_PER_ORDER * LOGGED.order +
      of("sns PublishBatch") * LOGGED.publication) /
    GB;
  return [
    line("API", "apiRequest", of("execute-api POST /orders") + of("execute-api GET /orders/{order_id}")),
    ...functions.flatMap(({ name, memoryMb }) => [
      line(name, "invocation", invocations(name)),
      line(
        name,
        "computing",
        (invocations(name) * durationOf(name, declared, workload) * memoryMb) / 1_024 / 1_000,
      ),
    ]),
    line("orders table, writes", "writeUnit", orders * WRITE_UNITS.table),
    ...declared.indexes.map(({ name }) =>
      line(`index ${name}, writes`, "writeUnit", orders * inIndex(WRITE_UNITS, name)),
    ),
    line(
      "orders table, reads",
      "readUnit",
      orders * (2 + 1 + (declared.limitsDays ? 1 : 0)) + of("dynamodb Query") / 2,
    ),
    line("checkpoints table, writes", "writeUnit", of("dynamodb UpdateItem") - events.limited),
    line("sums table, writes", "writeUnit", events.limited),
    held("orders table, storage", "tableStorage", (kept * BYTES.table) / GB),
    ...declared.indexes.map(({ name }) =>
      held(`index ${name}, storage`, "tableStorage", (kept * inIndex(BYTES, name)) / GB),
    ),
    ...(declared.recovery ? [held("orders table, recovery", "tableBackup", (kept * BYTES.table) / GB)] : []),
    line(
      "orders queue",
      "queueRequest",
      of("sqs SendMessageBatch") + of("sqs ReceiveMessage") + of("sqs DeleteMessageBatch"),
    ),
    line("results state machine", "transition", of("states transition")),
    line("archive, puts", "put", of("s3 PutObject")),
    line("archive, gets", "get", of("s3 GetObject")),
    held("archive, storage", "bucketStorage", (orders * declared.archiveDays * BYTES.archived) / GB),
    line("notifications", "publish", of("sns Publish")),
    ...(declared.changes === undefined
      ? []
      : [
          line("order changes", "publish", of("sns PublishBatch")),
          line("order changes, deliveries", "queueRequest", of("sns delivery")),
        ]),
    line("logs", "logs", logged),
    held("logs, storage", "logStorage", logged * declared.logsDays),
    line("traces", "trace", traced(allInvocations)),
    line("schedules", "schedule", events.execution + events.sweep),
    held("alarms", "alarm", declared.alarmMetrics),
    held("keys", "key", declared.keys),
    // At most: as if no data key were used twice.
    line("keys, use", "keyRequest", 2 * (of("sns Publish") + of("sns PublishBatch"))),
  ];
};
