/** What the API answers when it refuses: as a function says it, and as API Gateway does. */
import * as t from "io-ts";
import { Outcome } from "../../functions/place-orders/answer";
import { ShownOrder } from "../../functions/domain/shown-order";
import { Fault } from "../../lib/faults";

/** A problem document as `problem` writes it. */
export const ProblemDocument = t.exact(
  t.intersection([
    t.type({ type: t.literal("about:blank"), status: t.number, title: t.string }),
    t.partial({
      detail: t.string,
      errors: t.readonlyArray(Fault),
      orders: t.readonlyArray(Outcome),
      order: ShownOrder,
    }),
  ]),
  "Problem",
);

export const GatewayMessage = t.strict({ message: t.string }, "GatewayMessage");
