import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { PlacedOrders } from "../../functions/place-orders/answer";
import { ShownOrder } from "../../functions/domain/shown-order";
import { Health } from "../../functions/query-orders/answer";
import type { Authorize } from "../../lib/http";
import { ProblemDocument } from "../openapi/answers";
import { type Answer, baseOf, callsTo } from "../orders-api/client";
import type { TestOrder } from "./test-order";

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

/** An order of a kind the API must refuse: its power is a text. */
const MALFORMED = { order_id: 1, product: "smoke-test", power: "1" };

/** The orders API as this check uses it: each call once, because what it answers at once is what is checked. */
export const ordersApi = (endpoint: URL, authorize: Authorize) => {
  const api = callsTo(endpoint, { attempts: 1, authorize });
  const answering = <A>(call: TE.TaskEither<string, Answer>, status: number, codec: t.Decoder<unknown, A>) =>
    pipe(
      call,
      TE.mapLeft((cause) => `no answer from ${baseOf(endpoint)}: ${cause}`),
      TE.flatMapEither(expecting(status, codec)),
    );

  return {
    health: pipe(
      answering(api.health, 200, Health),
      TE.flatMapEither(({ halted }) =>
        halted === undefined
          ? E.right(undefined)
          : E.left(
              `trading is halted since ${halted.since} (${halted.reason}): a test order would wait for the resume; check again after npm run resume`,
            ),
      ),
    ),
    place: (order: TestOrder) =>
      pipe(
        answering(api.place([order]), 201, PlacedOrders),
        TE.flatMapEither(({ orders }) =>
          pipe(
            orders.find(({ order_id }) => order_id === order.order_id),
            E.fromNullable("answered 201 without an outcome for the order"),
            E.map(({ outcome }) => outcome),
          ),
        ),
      ),
    read: (id: number) => answering(api.read(id), 200, ShownOrder),
    /** The paths of the faults it finds in a malformed order. */
    refuse: pipe(
      answering(api.place([MALFORMED]), 400, ProblemDocument),
      TE.map(({ errors = [] }) => errors.map(({ path }) => path)),
    ),
  };
};

export type OrdersApi = ReturnType<typeof ordersApi>;
