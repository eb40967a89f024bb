import { TEST_PRODUCT } from "../../functions/domain/order";
import type { OrderToSend } from "../orders-api/client";

/** A test order as it is sent; the API's answers are compared with it. */
export type TestOrder = OrderToSend;

/** Far above what a trading system counts to, and below 2^53 until the year 2289. */
const FIRST_ID = 8_000_000_000_000_000;
const A_MILLISECOND = 100;

/**
 * A test order with an id of its own: not one of the desk's, and not another check's, which would have to
 * begin in the same millisecond and draw the same of a hundred numbers.
 *
 * @param chance in [0, 1)
 */
export const testOrder = (now: Date, chance: number): TestOrder => ({
  order_id: FIRST_ID + now.getTime() * A_MILLISECOND + Math.floor(chance * A_MILLISECOND),
  product: TEST_PRODUCT,
  power: 1,
});
