/** What is known of one order: from the table, the functions' logs and the archive, in the order in which it happened. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import * as t from "io-ts";
import { problemsIn, valuesIn } from "../aws/unread";
import { archiveBucket, type Context, type LoggedFunction, loggedFunctions, ordersTable } from "../context";
import type { Order, OrderHistory, TimelineEntry } from "../shapes";
import { type LogLine, logLines, saidIn } from "./log-lines";
import { orderIn } from "./order-item";

const findOrder = async (context: Context, id: number): Promise<Order | undefined> => {
  const { Item } = await context.aws.dynamo.send(
    new GetItemCommand({
      TableName: ordersTable(context),
      Key: { order_id: { N: String(id) } },
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? undefined : orderIn(Item);
};

const said = (parts: ReadonlyArray<string | undefined>): { readonly text?: string } => {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? {} : { text: known.join(", ") };
};

const by = (who: string | undefined, what = "by"): string | undefined =>
  who === undefined ? undefined : `${what} ${who}`;

/** What is said of an order's end: what it was awarded, at which price, why, and by whom. */
const endOf = ({ power, awarded_power, price, currency, reason, decided_by }: Order) =>
  said([
    awarded_power === undefined ? undefined : `${awarded_power} of ${power}`,
    price === undefined ? undefined : `at ${price} ${currency ?? ""}`.trim(),
    reason,
    by(decided_by),
  ]);

const milestones = (order: Order): ReadonlyArray<TimelineEntry> => {
  const { received_at, placed_by, submitted_at, submitted_by, preliminary, decided_at, status } = order;
  const entries: ReadonlyArray<
    Pick<TimelineEntry, "title" | "tone" | "text"> & { readonly at: string | undefined }
  > = [
    { at: received_at, title: "Received", tone: "plain", ...said([by(placed_by, "placed by")]) },
    { at: submitted_at, title: "Submitted to the auction", tone: "plain", ...said([by(submitted_by)]) },
    { at: preliminary?.at, title: "Preliminary result", tone: "plain", ...said([preliminary?.status]) },
    {
      at: decided_at,
      title: `${status.charAt(0).toUpperCase()}${status.slice(1)}`,
      tone: status === "accepted" ? "good" : "bad",
      ...endOf(order),
    },
  ];
  return entries.flatMap(({ at, ...entry }) => (at === undefined ? [] : [{ at, from: "table", ...entry }]));
};

/** The lists of ids that a line about several orders has. */
const Lists = t.partial({
  stored: t.array(t.number),
  order_ids: t.array(t.number),
  conflicts: t.array(t.unknown),
});

const isAbout = (id: number, key: string | undefined, message: string, { line }: LogLine): boolean => {
  if (line?.order_id !== undefined) return line.order_id === id;
  if (key !== undefined && [line?.key, line?.closed].includes(key) && line?.event === "page archived")
    return true;
  const whole: unknown = JSON.parse(message);
  return Lists.is(whole) && [...(whole.stored ?? []), ...(whole.order_ids ?? [])].includes(id);
};

const ofLine = ({ at, by, message, line }: LogLine): TimelineEntry => ({
  at: new Date(at).toISOString(),
  title: line?.event ?? message,
  from: "log",
  tone: line?.level === "error" || line?.level === "warn" ? "bad" : "plain",
  by,
  text: line === undefined ? "" : saidIn(message),
  ...(line?.execution === undefined ? {} : { run: line.execution }),
});

/** Before an order is stored its request is logged, and after it is decided people are told. */
const BEFORE_MS = 60_000;
const AFTER_MS = 600_000;

/** What is asked of a function's log: lines about the order alone, and those about several that this function writes. */
const patternsFor = (
  { order_id, request_id, archive_key }: Order,
  { name }: LoggedFunction,
): ReadonlyArray<string> => {
  const shared = [
    ["place-orders", request_id, "orders placed"],
    ["notify-slack", request_id, "posted to Slack"],
    ["archive-results", archive_key, "page archived"],
  ] as const;
  return [
    `{ $.order_id = ${order_id} }`,
    ...shared.flatMap(([by, known, event]) =>
      known === undefined || !name.endsWith(`-${by}`) ? [] : [`"${known}" "${event}"`],
    ),
  ].filter((pattern) => !/[\\\n]/.test(pattern));
};

/** Of each function, unless its log cannot be read. */
const loggedOf = async (
  context: Context,
  order: Order,
): Promise<ReadonlyArray<PromiseSettledResult<ReadonlyArray<LogLine>>>> => {
  const { received_at, decided_at } = order;
  const from = Date.parse(received_at) - BEFORE_MS;
  const to = (decided_at === undefined ? Date.now() : Date.parse(decided_at)) + AFTER_MS;
  return Promise.allSettled(
    loggedFunctions(context).flatMap((logged) =>
      patternsFor(order, logged).map((pattern) => logLines(context, logged, { pattern, from, to })),
    ),
  );
};

const saidOf = (
  { order_id, archive_key }: Order,
  lines: ReadonlyArray<LogLine>,
): ReadonlyArray<TimelineEntry> => {
  const about = lines.filter(
    (line) => line.line !== undefined && isAbout(order_id, archive_key, line.message, line),
  );
  return [...new Map(about.map((line) => [`${line.by} ${line.at} ${line.message}`, line])).values()].map(
    ofLine,
  );
};

const Archived = t.type({ orders: t.array(t.type({ order_id: t.number })) });
const MOST_ARCHIVE_BYTES = 16 * 1024 * 1024;

/** What the archive has of it. */
const archivedOf = async (context: Context, order: Order): Promise<ReadonlyArray<TimelineEntry>> => {
  const { archive_key: key, decided_at: at, order_id } = order;
  const bucket = archiveBucket(context);
  if (key === undefined || at === undefined || bucket === undefined) return [];
  const { Body, ContentLength = 0 } = await context.aws.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: key }),
  );
  if (ContentLength > MOST_ARCHIVE_BYTES) return [];
  const content: unknown = JSON.parse((await Body?.transformToString()) ?? "null");
  const entry = Archived.is(content) ? content.orders.find((one) => one.order_id === order_id) : undefined;
  return entry === undefined
    ? []
    : [{ at, title: "Archived", from: "archive", tone: "plain", text: `${key} ${JSON.stringify(entry)}` }];
};

/** Of what happened in the same millisecond, first what the table says of it. */
const RANK = { table: 0, archive: 1, log: 2 } as const;

const inOrder = (a: TimelineEntry, b: TimelineEntry): number =>
  a.at === b.at ? RANK[a.from] - RANK[b.from] : a.at < b.at ? -1 : 1;

export const historyOf = async (context: Context, id: number): Promise<OrderHistory | undefined> => {
  const order = await findOrder(context, id);
  if (order === undefined) return undefined;
  const [logged, archived] = await Promise.all([
    loggedOf(context, order),
    Promise.allSettled([archivedOf(context, order)]),
  ]);
  return {
    order,
    timeline: [
      ...milestones(order),
      ...saidOf(order, valuesIn(logged).flat()),
      ...valuesIn(archived).flat(),
    ].toSorted(inOrder),
    problems: problemsIn([...logged, ...archived]),
  };
};
