import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { Status } from "../../functions/domain/status";
import { type Answer, type Authorize, baseOf, callTo } from "../orders-api/client";
import type { TestOrder } from "./test-order";

/** The orders API as this check uses it: each call once, because what it answers at once is what is checked. */
export type OrdersApi = {
  readonly health: TE.TaskEither<string, void>;
  readonly place: (order: TestOrder) => TE.TaskEither<string, "stored" | "replayed">;
  readonly read: (id: number) => TE.TaskEither<string, ShownOrder>;
  /** The paths of the faults it finds in a malformed order. */
  readonly refuse: TE.TaskEither<string, ReadonlyArray<string>>;
};

const ShownOrder = t.intersection([
  t.type({ order_id: t.number, product: t.string, power: t.number, status: Status }),
  t.partial({ reason: t.string }),
]);
export type ShownOrder = t.TypeOf<typeof ShownOrder>;

const Health = t.type({ status: t.literal("ok") });
const Placed = t.type({
  orders: t.array(t.type({ order_id: t.number, outcome: t.keyof({ stored: null, replayed: null }) })),
});
const Faults = t.type({ errors: t.array(t.type({ path: t.string })) });
/** A problem document has a title, API Gateway's own answers a message. */
const Said = t.partial({ title: t.string, detail: t.string, message: t.string, Message: t.string });

const said = ({ body }: Answer): string => {
  const { title, detail, message, Message } = Said.is(body) ? body : {};
  return title === undefined ? (message ?? Message ?? "") : [title, detail].filter(Boolean).join(": ");
};

const HINTS: Readonly<Record<number, string>> = {
  401: "Give a bearer token in ORDERS_TOKEN.",
  403: "Give AWS credentials that may call the API (execute-api:Invoke).",
  404: "Is this the orders API? Its address may be given with --api.",
};

const expecting =
  <A>(status: number, codec: t.Decoder<unknown, A>) =>
  (answer: Answer): E.Either<string, A> => {
    if (answer.status !== status)
      return E.left(
        [`expected ${status}, got ${answer.status}`, said(answer), HINTS[answer.status] ?? ""]
          .filter((part) => part !== "")
          .join(": "),
      );
    return pipe(
      codec.decode(answer.body),
      E.mapLeft((errors) => `answered ${status}, but not as the orders API does: ${faultLines(errors)}`),
    );
  };

/** One order of a kind the API must refuse: its power is a text. */
const MALFORMED = { orders: [{ order_id: 1, product: "smoke-test", power: "1" }] };

export const ordersApi = (endpoint: URL, authorize: Authorize): OrdersApi => {
  const ask = callTo(endpoint, authorize, 1);
  const call = (...request: Parameters<typeof ask>): TE.TaskEither<string, Answer> =>
    pipe(
      ask(...request),
      TE.mapLeft((cause) => `no answer from ${baseOf(endpoint)}: ${cause}`),
    );

  return {
    health: pipe(
      call("GET", "/health"),
      TE.flatMapEither(expecting(200, Health)),
      TE.map(() => undefined),
    ),
    place: (order) =>
      pipe(
        call("POST", "/orders", { orders: [order] }),
        TE.flatMapEither(expecting(201, Placed)),
        TE.flatMapEither(({ orders }) =>
          pipe(
            orders.find(({ order_id }) => order_id === order.order_id),
            E.fromNullable("answered 201 without an outcome for the order"),
            E.map(({ outcome }) => outcome),
          ),
        ),
      ),
    read: (id) => pipe(call("GET", `/orders/${id}`), TE.flatMapEither(expecting(200, ShownOrder))),
    refuse: pipe(
      call("POST", "/orders", MALFORMED),
      TE.flatMapEither(expecting(400, Faults)),
      TE.map(({ errors }) => errors.map(({ path }) => path)),
    ),
  };
};
