import * as t from "io-ts";
import { OrderId } from "./order";

/** Says that an order waits to be submitted. The order itself is read from the table, which is the truth. */
export const QueueMessage = t.strict({ order_id: OrderId, request_id: t.string }, "QueueMessage");
export type QueueMessage = t.TypeOf<typeof QueueMessage>;
