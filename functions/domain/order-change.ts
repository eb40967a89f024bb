import * as O from "fp-ts/Option";
import * as t from "io-ts";
import { awardIn, sameAward } from "./award";
import { historyOf } from "./history";
import { isTestOrder } from "./order";
import { ShownOrder } from "./shown-order";
import { Status } from "./status";
import { Instant, type Preliminary, type StoredOrder } from "./stored-order";

/** What happened to an order: it was placed, it got another status, or a result that is not final came. */
const KIND_OF = {
  received: "placed",
  submitted: "submitted",
  accepted: "accepted",
  rejected: "rejected",
  expired: "expired",
  cancelled: "cancelled",
} as const satisfies Readonly<Record<Status, string>>;
const PRELIMINARY = "preliminary";

const Kind = t.keyof(
  {
    placed: null,
    submitted: null,
    preliminary: null,
    accepted: null,
    rejected: null,
    expired: null,
    cancelled: null,
  } satisfies Readonly<Record<(typeof KIND_OF)[Status] | typeof PRELIMINARY, null>>,
  "Kind",
);

/** A change of an order, as other systems are told of it. */
export const OrderChange = t.exact(
  t.intersection([
    t.type({
      /** Another one where a message of this shape would be misread: properties may be added. */
      version: t.literal(1),
      /** The same whenever this change is told again. */
      id: t.string,
      environment: t.string,
      kind: Kind,
      changed_at: Instant,
      /** As it was right after the change, and as `GET /orders/{order_id}` showed it. */
      order: ShownOrder,
    }),
    /** None of an order that was placed. */
    t.partial({ previous_status: Status }),
  ]),
  "OrderChange",
);
export type OrderChange = t.TypeOf<typeof OrderChange>;

/** When a result came is no part of what it says: an archived page may be read again. */
const saysSame = (one: Preliminary | undefined, other: Preliminary): boolean =>
  one?.status === other.status && sameAward(awardIn(one), awardIn(other));

type Happened = Pick<OrderChange, "kind" | "changed_at">;

const happened = (before: StoredOrder | undefined, after: StoredOrder): O.Option<Happened> => {
  const { status, preliminary, received_at, submitted_at, decided_at } = after;
  if (before?.status !== status)
    return O.some({
      kind: KIND_OF[status],
      changed_at: decided_at ?? submitted_at ?? received_at,
    });
  return preliminary === undefined || saysSame(before.preliminary, preliminary)
    ? O.none
    : O.some({ kind: PRELIMINARY, changed_at: preliminary.at });
};

/**
 * What to tell of a write to an order; nothing where it was about the platform's own work, and nothing of test
 * orders, which nobody should have to know of.
 *
 * @param before none of an order that is new, or that could not be read before
 */
export const orderChange = (
  environment: string,
  before: StoredOrder | undefined,
  after: StoredOrder,
): O.Option<OrderChange> =>
  isTestOrder(after)
    ? O.none
    : O.map(({ kind, changed_at }: Happened): OrderChange => ({
        version: 1,
        id: `${after.order_id}/${kind}/${changed_at}`,
        environment,
        kind,
        changed_at,
        // What others are shown of it, the codec picks out.
        order: { ...after, history: historyOf(after) },
        ...(before === undefined ? {} : { previous_status: before.status }),
      }))(happened(before, after));
