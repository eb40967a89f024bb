import * as E from "fp-ts/Either";
import fc from "fast-check";
import { archiveResults } from "../../functions/archive-results/archive-results";
import { FetchInput } from "../../functions/domain/results-task";
import { notifySlack } from "../../functions/notify-slack/notify-slack";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { World } from "../support/in-memory";

/** Whatever stands on a queue, a result page or a topic: each function deals with it, and with the rest. */

const anyBody = fc.oneof(
  fc.string(),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
const good = JSON.stringify({ order_id: 1, request_id: "r" });

describe("any queue message", () => {
  it("is given back or done, and never keeps a good one from being submitted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { maxLength: 9 }), async (bodies) => {
        const world = new World();
        world.given(1, "received");
        const deliveries = [...bodies, good].map((body, index) => ({ messageId: String(index), body }));
        const failed = await submitOrders(deliveries)({
          ...world.ports,
          auction: {
            submit: () => () => Promise.resolve(E.right(undefined)),
            results: () => () => Promise.reject(new Error("not asked for")),
          },
          deadline: world.deadline,
          retentionSeconds: 1,
          testOrders: "submitted",
          invocation: "1",
        })();
        expect(failed).not.toContain(String(bodies.length));
        expect(world.status(1)).toBe("submitted");
      }),
    );
  });
});

describe("any result", () => {
  it("is counted or set aside, and never keeps a good one from being archived", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 9 }), async (odd) => {
        const world = new World();
        world.given(1);
        const orders = [...odd, { order_id: 1, product: "Product1", power: 2, status: "accepted" }];
        const page = { run: "run-1", number: 0, dt: "2026-01-01", orders };
        const done = await archiveResults({ execution: "run-1", waits: 0, pages: 0, page })({
          ...world.ports,
          leaseSeconds: 60,
          retentionSeconds: 1,
        })();
        expect(done).toMatchObject({ right: { accepted: 1, quarantined: odd.length } });
      }),
    );
  });

  it("of a task's input is refused as what it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) =>
        expect(["Left", "Right"]).toContain(FetchInput.decode(input)._tag),
      ),
    );
  });
});

describe("any message of a topic", () => {
  it("is posted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { maxLength: 3 }), async (bodies) => {
        const world = new World();
        let posted = 0;
        const webhook = {
          post: () => () => {
            posted += 1;
            return Promise.resolve(E.right(undefined));
          },
        };
        expect(
          E.isRight(await notifySlack(bodies)({ ...world.ports, webhook, deadline: world.deadline })()),
        ).toBe(true);
        expect(posted).toBe(bodies.length);
      }),
    );
  });
});
