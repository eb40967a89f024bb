import {
  ConditionalCheckFailedException,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { portError } from "../adapters/aws-error";
import { dynamo } from "../adapters/clients";
import { OrderId, Power, Product } from "../domain/order";
import { faultLines } from "../../lib/faults";
import { Verdict } from "../domain/status";
import { permanent, type PortError } from "../ports/errors";

/** An order as the simulated auction has it: counted once under its key, however often it was sent. */
export const Entry = t.strict({
  order_id: OrderId,
  product: Product,
  power: Power,
  idempotency_key: t.string,
  /** What becomes of it, decided when it is entered, out at `decided_at`. */
  status: t.union([Verdict, t.literal("refused")]),
  decided_at: t.string,
});
export type Entry = t.TypeOf<typeof Entry>;

export interface Ledger {
  /** Enters an order unless its id is taken; the entry that stands there afterwards. */
  readonly enter: (entry: Entry) => TE.TaskEither<PortError, Entry>;
  /** Results out after `cursor` and up to `until`, in the order they came out. */
  readonly results: (query: {
    readonly cursor?: string;
    readonly until: Date;
    readonly limit: number;
  }) => TE.TaskEither<PortError, { readonly entries: ReadonlyArray<Entry>; readonly cursor?: string }>;
}

const FEED = "results";

const position = ({ decided_at, order_id }: Pick<Entry, "decided_at" | "order_id">): string =>
  `${decided_at}#${order_id}`;

/** A refused order has no result: it stays out of the feed. */
const item = (entry: Entry) => ({
  order_id: { N: String(entry.order_id) },
  product: { S: entry.product },
  power: { N: String(entry.power) },
  idempotency_key: { S: entry.idempotency_key },
  status: { S: entry.status },
  decided_at: { S: entry.decided_at },
  sends: { N: "1" },
  ...(entry.status === "refused" ? {} : { feed: { S: FEED }, decided_since: { S: position(entry) } }),
});

const Item = t.type({
  order_id: t.type({ N: t.string }),
  product: t.type({ S: t.string }),
  power: t.type({ N: t.string }),
  idempotency_key: t.type({ S: t.string }),
  status: t.type({ S: t.string }),
  decided_at: t.type({ S: t.string }),
});

const entryOf = (stored: unknown): E.Either<PortError, Entry> =>
  pipe(
    Item.decode(stored),
    E.flatMap(({ order_id, product, power, idempotency_key, status, decided_at }) =>
      Entry.decode({
        order_id: Number(order_id.N),
        product: product.S,
        power: Number(power.N),
        idempotency_key: idempotency_key.S,
        status: status.S,
        decided_at: decided_at.S,
      }),
    ),
    E.mapLeft((errors) => permanent("reading the ledger", faultLines(errors))),
  );

const put = (table: string, entry: Entry, signal: AbortSignal): TE.TaskEither<PortError, boolean> =>
  TE.tryCatch(
    () =>
      dynamo()
        .send(
          new PutItemCommand({
            TableName: table,
            Item: item(entry),
            ConditionExpression: "attribute_not_exists(order_id)",
          }),
          { abortSignal: signal },
        )
        .then(
          () => true,
          (thrown: unknown) => {
            if (thrown instanceof ConditionalCheckFailedException) return false;
            throw thrown;
          },
        ),
    portError("entering an order"),
  );

/** The ledger keeps how often each order was sent: what a test of "counts once" reads. */
const countSend = (table: string, id: OrderId, signal: AbortSignal): TE.TaskEither<PortError, Entry> =>
  pipe(
    TE.tryCatch(
      () =>
        dynamo().send(
          new UpdateItemCommand({
            TableName: table,
            Key: { order_id: { N: String(id) } },
            UpdateExpression: "ADD sends :one",
            ExpressionAttributeValues: { ":one": { N: "1" } },
            ReturnValues: "ALL_NEW",
          }),
          { abortSignal: signal },
        ),
      portError("counting a submission"),
    ),
    TE.flatMapEither(({ Attributes }) => entryOf(Attributes)),
  );

export const dynamoLedger = (table: string, signal: AbortSignal): Ledger => ({
  enter: (entry) =>
    pipe(
      put(table, entry, signal),
      TE.flatMap((isNew) => (isNew ? TE.right(entry) : countSend(table, entry.order_id, signal))),
    ),
  results: ({ cursor, until, limit }) =>
    pipe(
      TE.tryCatch(
        () =>
          dynamo().send(
            new QueryCommand({
              TableName: table,
              IndexName: "feed",
              Limit: limit,
              KeyConditionExpression: "feed = :feed AND decided_since BETWEEN :from AND :until",
              ExpressionAttributeValues: {
                ":feed": { S: FEED },
                // The character after any digit: strictly after the cursor's own entry.
                ":from": { S: cursor === undefined ? "0" : `${cursor}~` },
                ":until": { S: until.toISOString() },
              },
            }),
            { abortSignal: signal },
          ),
        portError("reading results"),
      ),
      TE.flatMapEither(({ Items = [] }) => pipe(Items, RA.traverse(E.Applicative)(entryOf))),
      TE.map((entries) => {
        const last = entries.at(-1);
        return { entries, ...(last === undefined ? {} : { cursor: position(last) }) };
      }),
    ),
});
