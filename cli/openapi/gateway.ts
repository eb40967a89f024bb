import type { ApiRoute } from "../../functions/http/kinds";

/** What API Gateway answers itself, by status, in words that an HTTP API cannot change. */
export const GATEWAY = {
  400: { message: "Bad Request", to: "a path that cannot be decoded, or a header twice" },
  401: { message: "Unauthorized", to: "a request without a valid token (jwt)" },
  403: {
    message: "Forbidden",
    to: "a request without a valid signature, or one of somebody who may not (iam)",
  },
  404: { message: "Not Found", to: "a path or method that is no route" },
  413: { message: "Request Entity Too Large", to: "a body of more than 6 MiB" },
  429: { message: "Too Many Requests", to: "more requests than the environment's throttling allows" },
  500: { message: "Internal Server Error", to: "a function that failed" },
  503: {
    message: "Service Unavailable",
    to: "a request for which no function was free, or none answered within 30 s",
  },
} as const;
export type GatewayStatus = keyof typeof GATEWAY;

const ALWAYS = [400, 401, 403, 413, 429, 500, 503] as const;

/** An order id with a slash in it is a path that is no route. */
export const GATEWAY_ANSWERS: Readonly<Record<ApiRoute, ReadonlyArray<GatewayStatus>>> = {
  "POST /orders": ALWAYS,
  "GET /orders": ALWAYS,
  "GET /orders/{order_id}": [...ALWAYS, 404],
  "DELETE /orders/{order_id}": [...ALWAYS, 404],
  "GET /health": ALWAYS,
};
