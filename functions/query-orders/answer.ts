import * as t from "io-ts";
import { ListedOrder } from "../domain/shown-order";
import { HALT } from "../domain/trading";
import { Cursor } from "./cursor";

export const OrdersPage = t.exact(
  t.intersection([t.type({ orders: t.readonlyArray(ListedOrder) }), t.partial({ cursor: Cursor })]),
  "OrdersPage",
);

const { since, intake } = HALT;

export const Health = t.exact(
  t.intersection([
    t.type({ status: t.literal("ok") }),
    // While nothing is sent to the auction platform.
    t.partial({ halted: t.strict({ since, reason: HALT.reason, intake }) }),
  ]),
  "Health",
);
export type Health = t.TypeOf<typeof Health>;
