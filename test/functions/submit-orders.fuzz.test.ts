import fc from "fast-check";
import * as TE from "fp-ts/TaskEither";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { auctionOf } from "../support/auction";
import { World } from "../support/in-memory";
import { anyText } from "../support/arbitrary";

const good = JSON.stringify({ order_id: 1, request_id: "r" });

describe("any queue message", () => {
  it("is given back or done, and never keeps a good one from being submitted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { maxLength: 9 }), async (bodies) => {
        const world = new World();
        world.given(1, "received");
        const deliveries = [...bodies, good].map((body, index) => ({
          messageId: String(index),
          body,
          receipt: "r",
          receiveCount: 1,
        }));
        const failed = await submitOrders(deliveries)({
          ...world.ports,
          auction: auctionOf(() => TE.right(undefined)),
          deadline: world.deadline,
          testOrders: "submitted",
          invocation: "1",
        })();
        expect(failed).not.toContain(String(bodies.length));
        expect(world.status(1)).toBe("submitted");
      }),
    );
  });
});
