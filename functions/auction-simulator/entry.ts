import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { AWARD, awardIn } from "../domain/award";
import { OrderId } from "../domain/order";
import type { Result } from "../domain/results";
import { StoredPower, StoredProduct } from "../domain/stored-values";
import { faultLines } from "../../lib/faults";
import { Verdict } from "../domain/status";
import { permanent, type PortError } from "../ports/errors";
import { FEED } from "../tables";

/**
 * Either an order's result is called, and will be on a page, or the order is withdrawn, and will not: two conditional
 * writes of its entry, of which one alone is made.
 */
export const CALLED = "result_called";

/** An order as the simulated auction has it: counted once under its key, however often it was sent. */
export const Entry = t.exact(
  t.intersection([
    t.type({
      order_id: OrderId,
      product: StoredProduct,
      power: StoredPower,
      idempotency_key: t.string,
      /** Its result, decided when it is entered, published at `decided_at`. */
      status: t.union([Verdict, t.literal("refused")]),
      decided_at: t.string,
    }),
    t.partial({
      ...AWARD,
      /** The result at `decided_at` is preliminary, and the final one comes out then. */
      final_at: t.string,
      /** Its result will be on a page: nobody can withdraw it any more. */
      [CALLED]: t.literal(true),
    }),
  ]),
);
export type Entry = t.TypeOf<typeof Entry>;

/** What is published of an entry next. Before the final result everything looks accepted. */
export const resultOf = ({
  order_id,
  product,
  power,
  status,
  final_at,
  ...entry
}: Entry): ReadonlyArray<Result> => {
  if (status === "refused") return [];
  const order = { order_id, product, power };
  return final_at === undefined
    ? [{ ...order, status, ...awardIn(entry) }]
    : [{ ...order, status: "accepted", final: false }];
};

/** The partition of the index `feed` where results wait to come out; those of earlier releases are in `results`. */
export const PENDING = "pending";

export const position = ({ decided_at, order_id }: Pick<Entry, "decided_at" | "order_id">): string =>
  `${decided_at}#${order_id}`;

const texts = ({ price, currency, reason, final_at }: Entry) => ({
  ...(price === undefined ? {} : { price: { S: price } }),
  ...(currency === undefined ? {} : { currency: { S: currency } }),
  ...(reason === undefined ? {} : { reason: { S: reason } }),
  ...(final_at === undefined ? {} : { final_at: { S: final_at } }),
});

/** A refused order has no result: it never waits for one. */
export const itemOf = (entry: Entry) => ({
  order_id: { N: String(entry.order_id) },
  product: { S: entry.product },
  power: { N: String(entry.power) },
  idempotency_key: { S: entry.idempotency_key },
  status: { S: entry.status },
  decided_at: { S: entry.decided_at },
  sends: { N: "1" },
  ...(entry.awarded_power === undefined ? {} : { awarded_power: { N: String(entry.awarded_power) } }),
  ...texts(entry),
  ...(entry.status === "refused"
    ? {}
    : { [FEED.hash]: { S: PENDING }, [FEED.range]: { S: position(entry) } }),
});

const Item = t.record(t.string, t.partial({ N: t.string, S: t.string, BOOL: t.boolean }));

export const entryOf = (stored: unknown): E.Either<PortError, Entry> =>
  pipe(
    Item.decode(stored),
    E.flatMap((item) =>
      Entry.decode(
        Object.fromEntries(
          Object.entries(item).map(([name, { N, S, BOOL }]) => [
            name,
            N === undefined ? (S ?? BOOL) : Number(N),
          ]),
        ),
      ),
    ),
    E.mapLeft((errors) => permanent("reading the ledger", faultLines(errors))),
  );
