import * as E from "fp-ts/Either";
import fc from "fast-check";
import { notifySlack } from "../../functions/notify-slack/notify-slack";
import { World } from "../support/in-memory";
import { anyText } from "../support/arbitrary";

describe("any message of a topic", () => {
  it("is posted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { maxLength: 3 }), async (bodies) => {
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
