/** What the description says of each route beside what is known of it: words, codecs and examples. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as t from "io-ts";
import { PlacedOrders } from "../../functions/place-orders/answer";
import { inRequest } from "../../functions/place-orders/in-request";
import { faultsOf } from "../../functions/place-orders/limit-faults";
import { overLimit } from "../../functions/place-orders/limits";
import { decodeOrders, PlaceOrders } from "../../functions/place-orders/request";
import type { ApiRoute } from "../../functions/http/kinds";
import { decodeOrderId, PathParameters } from "../../functions/http/order-id";
import type { Problem } from "../../functions/http/problem";
import { encodeCursor } from "../../functions/query-orders/cursor";
import { ShownOrder } from "../../functions/domain/shown-order";
import { Health, OrdersPage } from "../../functions/query-orders/answer";
import { decodeListQuery, Query } from "../../functions/query-orders/request";
import { Ended, failure } from "../../lib/command";
import { faultLines } from "../../lib/faults";

type Example = { readonly summary: string; readonly value: unknown };
type Examples = Readonly<Record<string, Example>>;

/** A request that a function refuses by its content, with the problem it answers. */
type Refused = { readonly summary: string; readonly problem: Problem };

export type Operation = {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly path?: t.InterfaceType<t.Props>;
  readonly query?: typeof Query;
  readonly body?: { readonly codec: t.Mixed; readonly examples: Examples };
  /** Of a parameter, by its name. */
  readonly parameters: Readonly<Record<string, { readonly description: string; readonly example?: unknown }>>;
  readonly answer: {
    readonly status: 200 | 201;
    readonly description: string;
    readonly codec: t.Mixed;
    readonly examples: Examples;
    /** Where an answer leads, by the operation's id. */
    readonly links?: Readonly<Record<string, object>>;
  };
  readonly refused: Readonly<Record<string, Refused>>;
};

const wrongExample = (what: string, why: string): Ended =>
  new Ended(failure(1, `the example "${what}" ${why}`));

/** An answer as an example: what the codec would not say is no example. */
const answered = (summary: string, codec: t.Mixed, value: unknown): Example =>
  pipe(
    codec.decode(value),
    E.match(
      (errors): Example => {
        throw wrongExample(summary, `is no ${codec.name}: ${faultLines(errors)}`);
      },
      () => ({ summary, value }),
    ),
  );

type Decode = (input: unknown) => E.Either<Problem, unknown>;

const taken = (summary: string, decode: Decode, value: unknown): Example =>
  pipe(
    decode(value),
    E.match(
      (problem): Example => {
        throw wrongExample(summary, `is refused: ${JSON.stringify(problem.errors ?? problem.detail)}`);
      },
      () => ({ summary, value }),
    ),
  );

const refused = (summary: string, decode: Decode, value: unknown): Refused =>
  pipe(
    decode(value),
    E.match(
      (problem) => ({ summary, problem }),
      (): Refused => {
        throw wrongExample(summary, "is not refused");
      },
    ),
  );

const LIMITS = { products: [{ match: "Product*", power_per_order: 100 }] };

/** Orders within some environment's limits. */
const decodeWithin: Decode = (input) =>
  pipe(
    decodeOrders(input),
    E.flatMap((orders) => {
      const faults = inRequest(orders).flatMap(faultsOf(LIMITS));
      return faults.length === 0 ? E.right(orders) : E.left(overLimit(faults));
    }),
  );

const ORDER = { order_id: 101, product: "Product1", power: 2 };
const DETAILED = {
  ...ORDER,
  valid_until: "2026-03-28T12:00:00+01:00",
  delivery_start: "2026-03-29T00:00:00+01:00",
  delivery_end: "2026-03-30T00:00:00+02:00",
  reference: "Strategy 7, day ahead",
};
const SALE = { order_id: 102, product: "Product1", power: -3 };
const RECEIVED_AT = "2026-03-01T09:30:00.000Z";
const PLACED_BY = "arn:aws:sts::111111111111:assumed-role/desk/jo@example.org";
const SHOWN = { ...ORDER, status: "received", received_at: RECEIVED_AT, placed_by: PLACED_BY };
const REJECTED = {
  ...SALE,
  status: "rejected",
  received_at: RECEIVED_AT,
  placed_by: PLACED_BY,
  submitted_at: "2026-03-01T09:30:01.250Z",
  decided_at: "2026-03-01T09:45:00.000Z",
};
const PLACED = { status: "received", at: RECEIVED_AT, by: PLACED_BY, request_id: "d9f7b2e4" };
const SENT = { status: "submitted", at: REJECTED.submitted_at, by: "prod-submit-orders/6b7c0c1e" };
const RUN = "8c1d7c52";
const CANCELLED_AT = "2026-03-01T09:30:02.000Z";
const EXAMPLES = {
  received: { ...SHOWN, history: [PLACED] },
  rejected: {
    ...REJECTED,
    history: [
      PLACED,
      SENT,
      {
        status: "rejected",
        at: REJECTED.decided_at,
        by: RUN,
        archive_key: `orders/closed/dt=2026-03-01/${RUN}-00000.json`,
      },
    ],
  },
  cancelled: {
    ...SHOWN,
    status: "cancelled",
    decided_at: CANCELLED_AT,
    history: [PLACED, { status: "cancelled", at: CANCELLED_AT, by: PLACED.by }],
  },
  awarded: {
    ...DETAILED,
    status: "accepted",
    received_at: RECEIVED_AT,
    submitted_at: REJECTED.submitted_at,
    preliminary: { status: "accepted", at: "2026-03-01T09:40:00.000Z" },
    decided_at: REJECTED.decided_at,
    awarded_power: 1,
    price: "41.10",
    currency: "EUR",
    history: [
      PLACED,
      SENT,
      {
        status: "accepted",
        at: REJECTED.decided_at,
        by: RUN,
        archive_key: `orders/dt=2026-03-01/${RUN}-00000.json`,
      },
    ],
  },
};
const CURSOR = encodeCursor({ status: "accepted" }, `${RECEIVED_AT}#101`);

export const OPERATIONS: Readonly<Record<ApiRoute, Operation>> = {
  "POST /orders": {
    id: "placeOrders",
    summary: "Place orders",
    description:
      "Stores 1 to 1,000 orders and answers what became of each. It is idempotent without a key of its own: `order_id` is the key. The same order again is `replayed` and counts once; another order under its id is a `conflict` (409) and changes nothing. Sending the same request again is always safe, whatever was answered. A product has only characters that a person can see (`format: product`), no blanks around it, and is stored in Unicode's NFC; each property stands once in an object, and no number may be one that a double would round. No two orders of a request have one id. An order is sent before its `valid_until` or never; one whose gate is past, or nearer than the environment allows, is refused. An order that would exceed a limit of the environment is refused (422). While trading is halted, orders are taken and wait, unless the halt refuses them, too (503).",
    parameters: {},
    body: {
      codec: PlaceOrders,
      examples: {
        one: taken("one order", decodeOrders, { orders: [ORDER] }),
        several: taken("a purchase and a sale", decodeOrders, { orders: [ORDER, SALE] }),
        detailed: taken("an order with all it may say, for a day of 23 hours", decodeOrders, {
          orders: [DETAILED],
        }),
        status: taken("a status, which is ignored", decodeOrders, {
          orders: [{ ...ORDER, status: "received" }],
        }),
      },
    },
    answer: {
      status: 201,
      description: "Every order is stored, now or before.",
      codec: PlacedOrders,
      examples: {
        stored: answered("one order, stored", PlacedOrders, {
          orders: [{ order_id: 101, outcome: "stored", status: "received" }],
        }),
        replayed: answered("the same again, after it was accepted", PlacedOrders, {
          orders: [{ order_id: 101, outcome: "replayed", status: "accepted" }],
        }),
      },
      links: {
        order: {
          operationId: "getOrder",
          parameters: { order_id: "$response.body#/orders/0/order_id" },
          description: "The first of the orders.",
        },
      },
    },
    refused: {
      order: refused("an order that is none", decodeOrders, {
        orders: [{ order_id: 0, product: "", power: 1.5, price: 10 }],
      }),
      gate: refused("a gate without an offset", decodeOrders, {
        orders: [{ ...ORDER, valid_until: "2026-03-29T12:00:00" }],
      }),
      delivery: refused("a delivery that ends before it begins", decodeOrders, {
        orders: [{ ...DETAILED, delivery_end: DETAILED.valid_until }],
      }),
      twice: refused("one id twice", decodeOrders, { orders: [ORDER, ORDER] }),
      none: refused("no orders", decodeOrders, { orders: [] }),
      limits: refused("more power, and another product, than the environment allows", decodeWithin, {
        orders: [
          { ...ORDER, power: 101 },
          { ...SALE, product: "Other" },
        ],
      }),
    },
  },
  "GET /orders": {
    id: "listOrders",
    summary: "List orders, newest first",
    description:
      "A page of orders, the last received first; with `status`, the one that got it last. A page may hold fewer orders than `limit`, or none, and still have a `cursor`: the list ends with the page that has none.",
    query: Query,
    parameters: {
      status: { description: "Only orders that have this status.", example: "accepted" },
      delivery_from: {
        description:
          "Only orders whose delivery begins then or later, the earliest first. Encode the `+` of an offset as `%2B`.",
        example: "2026-03-29T00:00:00+01:00",
      },
      delivery_to: {
        description: "Only orders whose delivery begins before then, the earliest first.",
        example: "2026-03-30T00:00:00+02:00",
      },
      limit: { description: "How many orders at most.", example: 10 },
      cursor: {
        description:
          "Continues a list: as an earlier answer gave it, unchanged, with the same `status` as there, and with a span of deliveries if there was one.",
      },
    },
    answer: {
      status: 200,
      description: "A page of orders.",
      codec: OrdersPage,
      examples: {
        more: answered("a page that is not the last", OrdersPage, {
          orders: [{ ...SHOWN, status: "accepted" }],
          cursor: CURSOR,
        }),
        last: answered("the last page", OrdersPage, { orders: [REJECTED] }),
      },
    },
    refused: {
      span: refused("a span that ends before it begins", decodeListQuery, {
        delivery_from: "2026-03-30T00:00:00+02:00",
        delivery_to: "2026-03-29T00:00:00+01:00",
      }),
      limit: refused("a limit that is too large", decodeListQuery, { limit: "1000" }),
      cursor: refused("the cursor of another list", decodeListQuery, { status: "rejected", cursor: CURSOR }),
    },
  },
  "GET /orders/{order_id}": {
    id: "getOrder",
    summary: "Read an order",
    description:
      "An order with its status and its history: when it got each status, and who placed it or which run of the platform did it. Until its retention has ended; the archive has it for longer.",
    path: PathParameters,
    parameters: { order_id: { description: "The order's id.", example: ORDER.order_id } },
    answer: {
      status: 200,
      description: "The order.",
      codec: ShownOrder,
      examples: {
        received: answered("an order just received", ShownOrder, EXAMPLES.received),
        rejected: answered("an order that was rejected", ShownOrder, EXAMPLES.rejected),
        awarded: answered("an order of which less was awarded than ordered", ShownOrder, EXAMPLES.awarded),
      },
    },
    refused: { id: refused("an id that is none", decodeOrderId, { order_id: "0" }) },
  },
  "DELETE /orders/{order_id}": {
    id: "cancelOrder",
    summary: "Cancel an order",
    description:
      "Cancels an order that was never sent, at once; one that is submitted through the auction platform, where that gives orders back, until its gate. An order that the auction platform has is never answered as cancelled. The same request again is answered as the first one was.",
    path: PathParameters,
    parameters: { order_id: { description: "The order's id.", example: ORDER.order_id } },
    answer: {
      status: 200,
      description: "The order, which is cancelled.",
      codec: ShownOrder,
      examples: { cancelled: answered("an order that was cancelled", ShownOrder, EXAMPLES.cancelled) },
    },
    refused: { id: refused("an id that is none", decodeOrderId, { order_id: "0" }) },
  },
  "GET /health": {
    id: "getHealth",
    summary: "Whether the tables answer, and whether trading is halted",
    description:
      "Whether orders can be read. While an operator has halted trading, nothing is sent to the auction platform, and the answer says since when, why, and whether orders are taken (`intake`).",
    parameters: {},
    answer: {
      status: 200,
      description: "They can.",
      codec: Health,
      examples: {
        ok: answered("they answer", Health, { status: "ok" }),
        halted: answered("they answer, and trading is halted", Health, {
          status: "ok",
          halted: { since: RECEIVED_AT, reason: "the desk: prices are wrong", intake: "open" },
        }),
      },
    },
    refused: {},
  },
};
