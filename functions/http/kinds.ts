/**
 * Every problem that a function behind an API answers, by its status and title. No other can be made: docs/openapi.json
 * is complete because it is made of these lists.
 */
import type { CANCEL_ROUTES } from "../cancel-orders/contract";
import type { PLACE_ROUTES } from "../place-orders/contract";
import type { QUERY_ROUTES } from "../query-orders/contract";

export const KINDS = {
  badRequest: { status: 400, title: "The request is not what this API takes" },
  noSuchOrder: { status: 404, title: "There is no such order" },
  conflict: { status: 409, title: "An order id is taken by another order" },
  takenByUnreadable: { status: 409, title: "An order id is taken by a stored order that cannot be read" },
  tooLate: { status: 409, title: "It is too late to cancel the order" },
  tooLarge: { status: 413, title: "The request is too large" },
  notJson: { status: 415, title: "The request's content type is not supported" },
  overLimit: { status: 422, title: "A limit of this environment would be exceeded" },
  unreadable: { status: 500, title: "The stored order cannot be read" },
  broken: { status: 500, title: "The function that answers this request has a fault" },
  unavailable: { status: 503, title: "A service behind this API is not available" },
  halted: { status: 503, title: "Trading is halted, and no orders are taken" },
  unfinished: { status: 503, title: "Not all orders could be stored in time" },
} as const;
export type Kind = keyof typeof KINDS;

/** Those of functions that got a request of no route of theirs, and those of the auction simulator. */
export const OTHER_KINDS = {
  noSuchPath: { status: 404, title: "There is no such path" },
  idTaken: { status: 409, title: "The order id is taken" },
  notGivenBack: { status: 409, title: "The order is not given back" },
  refused: { status: 422, title: "The order is refused" },
} as const;

export type ApiRoute =
  (typeof PLACE_ROUTES)[number] | (typeof QUERY_ROUTES)[number] | (typeof CANCEL_ROUTES)[number];

/** `badRequest` everywhere: a presigned URL is one. */
const EVERYWHERE = ["badRequest", "broken", "unavailable"] as const;

export const ANSWERED: Readonly<Record<ApiRoute, ReadonlyArray<Kind>>> = {
  "POST /orders": [
    ...EVERYWHERE,
    "conflict",
    "takenByUnreadable",
    "tooLarge",
    "notJson",
    "overLimit",
    "halted",
    "unfinished",
  ],
  "GET /orders": EVERYWHERE,
  "GET /orders/{order_id}": [...EVERYWHERE, "noSuchOrder", "unreadable"],
  "DELETE /orders/{order_id}": [...EVERYWHERE, "noSuchOrder", "tooLate", "unreadable"],
  "GET /health": EVERYWHERE,
};
