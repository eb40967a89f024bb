/** Everything there is about an order: its item, the functions' log lines, its results page and archive object. */
import { CloudWatchLogsClient, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { fromItem, key as keyOf } from "../../functions/adapters/order-item";
import { CLOSED, runOf } from "../../functions/domain/archive";
import type { OrderId } from "../../functions/domain/order";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { Ended, failure } from "../../lib/command";
import { jsonOrUndefined } from "../../lib/json";
import { reasonOf } from "../../lib/thrown";
import { isAbout, patternOf } from "../logs/line";
import { type LogEvent, logGroup, readLog } from "../logs/read";
import type { AwsSettings } from "../operated";

export type Line = LogEvent & { readonly name: string };

/** What was looked for and is there, or in words what is missing. */
export type Found<A> = E.Either<string, A>;

/** A page of results or an archive object: where it stands, and what it says of the order. */
export type Entry = { readonly at: string; readonly entry: unknown };

/** Clocks differ, and a line is written after what it tells of. */
const BEFORE_MS = 60_000;
const AFTER_MS = 3_600_000;

const Listed = t.type({ orders: t.readonlyArray(t.unknown) });
const OfOrder = t.type({ order_id: t.number });
const ArchivedPage = t.intersection([
  t.type({ key: t.string, raw: t.string }),
  t.partial({ closed: t.string }),
]);

/** The functions that an order meets, in the order of its way. */
const ON_ITS_WAY = [
  "place-orders",
  "sweep-orders",
  "submit-orders",
  "auction-simulator",
  "archive-results",
  "notify-slack",
] as const;

const collected = async (
  lines: AsyncIterable<LogEvent>,
  isWanted: (line: LogEvent) => boolean,
  name: string,
) => {
  const found: Line[] = [];
  for await (const line of lines) if (isWanted(line)) found.push({ ...line, name });
  return found;
};

/** @throws Ended where the order is not in the table, or cannot be read there */
const orderIn = async (dynamo: DynamoDBClient, table: string, id: OrderId): Promise<StoredOrder> => {
  const { Item: item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: keyOf(id), ConsistentRead: true }),
  );
  if (item === undefined)
    throw new Ended(
      failure(1, `order ${id} is not in the table ${table}: it was never stored, or its retention has ended`),
    );
  const order = fromItem(id, item);
  if (E.isLeft(order))
    throw new Ended(
      failure(
        1,
        `order ${id} cannot be read in the table ${table}: ${order.left.faults}; see docs/runbook.md, Orders unreadable`,
      ),
    );
  return order.right;
};

export const gather = async (environment: Environment, settings: AwsSettings, id: OrderId) => {
  const { name: place, account_id: account, auction } = environment;
  const logs = new CloudWatchLogsClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const bucket = `${place}-orders-archive-${account}`;
  const order = await orderIn(new DynamoDBClient(settings), `${place}-orders`, id);
  const { request_id: request, received_at, decided_at, archive_key: key, status } = order;
  const span = {
    from: Date.parse(received_at) - BEFORE_MS,
    ...(decided_at === undefined ? {} : { to: Date.parse(decided_at) + AFTER_MS }),
  };

  const linesOf = async (
    name: string,
    pattern: { readonly pattern?: string },
    isWanted: (line: LogEvent) => boolean,
  ): Promise<Found<ReadonlyArray<Line>>> => {
    const group = logGroup(place, name);
    try {
      const lines = readLog(logs, { group, ...span, ...pattern });
      return E.right(await collected(lines, isWanted, name));
    } catch (thrown) {
      return E.left(
        thrown instanceof ResourceNotFoundException
          ? `there is no log ${group}`
          : `the log ${group} cannot be read: ${reasonOf(thrown)}`,
      );
    }
  };

  const entryIn = async (at: string): Promise<Found<Entry>> => {
    try {
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: at }));
      const content = jsonOrUndefined((await body?.transformToString()) ?? "");
      const entry = Listed.is(content)
        ? content.orders.find((listed) => OfOrder.is(listed) && listed.order_id === id)
        : undefined;
      return entry === undefined
        ? E.left(`order ${id} does not stand in s3://${bucket}/${at}`)
        : E.right({ at: `s3://${bucket}/${at}`, entry });
    } catch (thrown) {
      return E.left(
        thrown instanceof NoSuchKey
          ? `there is no object s3://${bucket}/${at}`
          : `s3://${bucket}/${at} cannot be read: ${reasonOf(thrown)}`,
      );
    }
  };

  /** Only the log of archive-results knows which page as it came became this one. */
  const pageOf = async (archived: string): Promise<Found<Entry>> => {
    const found = await linesOf("archive-results", { pattern: `"${archived}"` }, ({ message }) => {
      const line = jsonOrUndefined(message);
      return ArchivedPage.is(line) && [line.key, line.closed].includes(archived);
    });
    if (E.isLeft(found)) return found;
    const line = jsonOrUndefined(found.right.at(-1)?.message ?? "");
    return ArchivedPage.is(line)
      ? entryIn(line.raw)
      : E.left(`the log of archive-results does not tell which page became ${archived}`);
  };

  const functions = ON_ITS_WAY.filter((name) => name !== "auction-simulator" || auction.type === "simulator");
  const [found, page, object] = await Promise.all([
    Promise.all(
      functions.map((name) => {
        const wanted = name === "place-orders" ? { request } : { order: id };
        return linesOf(name, patternOf(wanted), isAbout(wanted));
      }),
    ),
    key === undefined || runOf(key) === undefined ? undefined : pageOf(key),
    key === undefined || (status !== "accepted" && !key.startsWith(CLOSED)) ? undefined : entryIn(key),
  ]);
  return {
    order,
    /** Of each function, those about the order. */
    lines: Object.fromEntries(functions.map((name, index) => [name, found[index] ?? E.right([])])),
    /** None before a result decided it. */
    ...(page === undefined ? {} : { page }),
    /** None before it has ended, and was archived. */
    ...(object === undefined ? {} : { object }),
  };
};

export type Trace = Awaited<ReturnType<typeof gather>>;
