import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { OrderId } from "../domain/order";
import { StoredPower, StoredProduct } from "../domain/stored-values";
import { faultLines } from "../../lib/faults";
import { Verdict } from "../domain/status";
import { permanent, type PortError } from "../ports/errors";
import { FEED } from "../tables";

/** An order as the simulated auction has it: counted once under its key, however often it was sent. */
export const Entry = t.strict({
  order_id: OrderId,
  product: StoredProduct,
  power: StoredPower,
  idempotency_key: t.string,
  /** Its result, decided when it is entered, published at `decided_at`. */
  status: t.union([Verdict, t.literal("refused")]),
  decided_at: t.string,
});
export type Entry = t.TypeOf<typeof Entry>;

/** The partition of the index `feed` where results wait to come out; those of earlier releases are in `results`. */
export const PENDING = "pending";

export const position = ({ decided_at, order_id }: Pick<Entry, "decided_at" | "order_id">): string =>
  `${decided_at}#${order_id}`;

/** A refused order has no result: it never waits for one. */
export const itemOf = (entry: Entry) => ({
  order_id: { N: String(entry.order_id) },
  product: { S: entry.product },
  power: { N: String(entry.power) },
  idempotency_key: { S: entry.idempotency_key },
  status: { S: entry.status },
  decided_at: { S: entry.decided_at },
  sends: { N: "1" },
  ...(entry.status === "refused"
    ? {}
    : { [FEED.hash]: { S: PENDING }, [FEED.range]: { S: position(entry) } }),
});

const Item = t.type({
  order_id: t.type({ N: t.string }),
  product: t.type({ S: t.string }),
  power: t.type({ N: t.string }),
  idempotency_key: t.type({ S: t.string }),
  status: t.type({ S: t.string }),
  decided_at: t.type({ S: t.string }),
});

export const entryOf = (stored: unknown): E.Either<PortError, Entry> =>
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
