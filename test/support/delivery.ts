import type { Delivery } from "../../functions/submit-orders/submit-orders";

/** The message of an order, as the queue delivers it to `submit-orders`. */
export const delivery = (id: number, receiveCount = 1): Delivery => ({
  messageId: `m${id}`,
  receipt: `r${id}`,
  receiveCount,
  body: JSON.stringify({ order_id: id, request_id: `request-${id}` }),
});
