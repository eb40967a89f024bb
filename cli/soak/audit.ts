import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AttributeValue, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { ARCHIVED_PAGES } from "../../functions/domain/archive";

export type Row = { readonly name: string; readonly count: number; readonly mustBeZero?: true };

export const zero = (name: string, count: number): Row => ({ name, count, mustBeZero: true });

const client = (endpoint: string) => ({
  endpoint,
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 10,
});

const scan = async <A>(
  endpoint: string,
  table: string,
  read: (item: Record<string, AttributeValue>) => A,
): Promise<ReadonlyMap<number, A>> => {
  const found = new Map<number, A>();
  for await (const { Items = [] } of paginateScan(
    { client: new DynamoDBClient(client(endpoint)) },
    { TableName: table },
  ))
    for (const item of Items) found.set(Number(item["order_id"]?.N), read(item));
  return found;
};

const BUCKET = "local-orders-archive-000000000000";

/** How many objects under a prefix of the archive each order stands in. */
export const archivedOrders = async (
  endpoint: string,
  prefix: string,
): Promise<ReadonlyMap<number, number>> => {
  const s3 = new S3Client({ ...client(endpoint), forcePathStyle: true });
  const objects = new Map<number, number>();
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: BUCKET, Prefix: prefix },
  ))
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      const { orders } = JSON.parse((await Body?.transformToString()) ?? '{"orders":[]}') as {
        orders: { order_id: number }[];
      };
      for (const { order_id } of orders) objects.set(order_id, (objects.get(order_id) ?? 0) + 1);
    }
  return objects;
};

const announcedOrders = (data: string): ReadonlyMap<number, number> => {
  const file = join(data, "notifications.jsonl");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const times = new Map<number, number>();
  // Orders that are overdue, as they are where the clock jumps ahead, are announced too, and are not what is counted.
  const decided = text.split("\n").filter((line) => /"text":"[^"]*\b(refused|rejected)\b/.test(line));
  for (const [, id] of decided.join("\n").matchAll(/order (\d+):/g))
    times.set(Number(id), (times.get(Number(id)) ?? 0) + 1);
  return times;
};

/**
 * An order is announced again where something failed just between its announcement and the note of it. Besides the
 * kills that may happen to one order twice, hardly ever three times; more often is a fault that repeats by itself.
 */
const MOST_ANNOUNCEMENTS = 4;

/** Whether it may have been sent, and will not be again: until the auction decides it, if it has it, nobody knows. */
const isInDoubt = ({ status, attempts, valid_until: gate }: Record<string, AttributeValue>): boolean =>
  status?.S === "received" && attempts !== undefined && Date.parse(gate?.S ?? "") <= Date.now();

const awardedIn = ({ awarded_power: power }: Record<string, AttributeValue>): number | undefined =>
  power?.N === undefined ? undefined : Number(power.N);

/** What stands where at the end, read by an operator's means: the AWS API and the file of notifications. */
export const readAudit = async (endpoint: string, data: string) => {
  const orders = await scan(endpoint, "local-orders", (item) => ({
    status: item["status"]?.S ?? "",
    product: item["product"]?.S ?? "",
    power: Number(item["power"]?.N),
    awarded: awardedIn(item),
    isInDoubt: isInDoubt(item),
  }));
  const ledger = await scan(endpoint, "local-auction-ledger", (item) => ({
    status: item["status"]?.S ?? "",
    sends: Number(item["sends"]?.N ?? 0),
    awarded: awardedIn(item),
    withdrawn: "withdrawn_at" in item,
  }));
  return {
    orders,
    /**
     * The auction simulator's ledger: each order's result, and how often it was sent. The pages of its feed stand in
     * it under negative numbers.
     */
    ledger: new Map([...ledger].filter(([id]) => id > 0)),
    /** How many objects of the archive each accepted order stands in. */
    archived: await archivedOrders(endpoint, ARCHIVED_PAGES),
    /** How often each refused or rejected order was announced. */
    announced: announcedOrders(data),
  };
};

export type Audit = Awaited<ReturnType<typeof readAudit>>;

/** Status by order id. */
export const statusesOf = ({ orders }: Audit): ReadonlyMap<number, string> =>
  new Map([...orders].map(([id, { status }]) => [id, status]));

const many = <A>(values: Iterable<A>, holds: (value: A) => boolean): number =>
  [...values].filter(holds).length;

/**
 * Compares what was promised with what is there.
 * @param answered ids of orders that a 201 said are stored
 * @param posted of other orders that may be stored: a request may have been refused after its answer was lost
 * @param kills how often the platform was killed: each may have come between an announcement and the note of it
 */
export const judge = (
  { orders, ledger, archived, announced }: Audit,
  answered: ReadonlySet<number>,
  wentBackwards: number,
  kills: number,
  posted: ReadonlySet<number>,
): ReadonlyArray<Row> => {
  const isWhole = (id: number): boolean => {
    const entry = ledger.get(id);
    const order = orders.get(id);
    if (order === undefined) return false;
    switch (order.status) {
      case "received":
        return entry === undefined && order.isInDoubt;
      case "accepted":
        return entry?.status === "accepted" && !entry.withdrawn && archived.has(id);
      case "rejected":
        return entry !== undefined && entry.status !== "accepted" && !entry.withdrawn && announced.has(id);
      // Never sent, or given back.
      case "expired":
        return entry === undefined;
      case "cancelled":
        return entry === undefined || entry.withdrawn;
      default:
        return false;
    }
  };
  const twice =
    many(archived, ([id, objects]) => objects > 1 || ledger.get(id)?.status !== "accepted") +
    many(ledger.keys(), (id) => !orders.has(id));
  return [
    { name: "answered 201", count: answered.size },
    { name: "stored", count: orders.size },
    { name: "submitted, distinct", count: ledger.size },
    { name: "submitted, sends", count: [...ledger.values()].reduce((sum, { sends }) => sum + sends, 0) },
    { name: "accepted", count: many(orders.values(), ({ status }) => status === "accepted") },
    { name: "archived", count: archived.size },
    { name: "rejected", count: many(orders.values(), ({ status }) => status === "rejected") },
    { name: "announced", count: announced.size },
    {
      name: "announced again",
      count: [...announced.values()].reduce((sum, times) => sum + times - 1, 0),
    },
    zero(
      "lost",
      many(answered, (id) => !isWhole(id)),
    ),
    zero("counted twice", twice),
    zero(
      "announced too often",
      many(announced.values(), (times) => times > MOST_ANNOUNCEMENTS + kills),
    ),
    zero(
      "stored, never posted",
      many(orders.keys(), (id) => !answered.has(id) && !posted.has(id)),
    ),
    zero("went backwards", wentBackwards),
  ];
};
