import { until } from "./until";

const UNANSWERED = new Response(null, { status: 599 });

/** Sends a request until the function itself answers, as clients do: each is safe to repeat. */
export const ask = (url: string, request: RequestInit = {}): Promise<Response> =>
  until(
    () => fetch(url, request).catch(() => UNANSWERED),
    ({ status }) => status < 500 && status !== 429,
  );

export const postOrders = (apiUrl: string | undefined, orders: ReadonlyArray<object>): Promise<Response> =>
  ask(`${apiUrl ?? ""}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ orders }),
  });
