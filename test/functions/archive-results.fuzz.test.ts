import fc from "fast-check";
import { FetchInput } from "../../functions/domain/results-task";
import { World } from "../support/in-memory";
import { archive } from "./results-steps";

describe("any result", () => {
  it("is counted or set aside, and never keeps a good one from being archived", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 9 }), async (odd) => {
        const world = new World();
        world.given(1);
        const orders = [...odd, { order_id: 1, product: "Product1", power: 2, status: "accepted" }];
        const page = { run: "run-1", number: 0, dt: "2026-01-01", orders };
        expect(await archive(world, page)).toMatchObject({ right: { accepted: 1, quarantined: odd.length } });
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
