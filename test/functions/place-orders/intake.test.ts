import * as E from "fp-ts/Either";
import { checkIntake } from "../../../functions/place-orders/intake";
import { World } from "../../support/in-memory";

const AT = "2026-01-01T00:00:00.000Z";

const halted = (intake: "open" | "refused"): World => {
  const world = new World();
  world.said = { state: "halted", at: AT, since: AT, reason: "the desk: why", intake, announced: true };
  return world;
};

describe("the intake of orders", () => {
  it("goes on while trading is not halted, or is and only sending was meant", async () => {
    for (const world of [new World(), halted("open")])
      expect(E.isRight(await checkIntake(world.ports)())).toBe(true);
  });

  it("is refused with the reason, and with when to ask again, where the halt says so", async () => {
    expect(await checkIntake(halted("refused").ports)()).toMatchObject({
      left: { status: 503, detail: expect.stringContaining("the desk: why"), retryAfterSeconds: 60 },
    });
  });

  it("goes on where nobody can say whether trading is halted", async () => {
    const world = halted("refused");
    world.faults.next("trading", "before");
    expect(E.isRight(await checkIntake(world.ports)())).toBe(true);
    expect(world.logged).toMatchObject([{ level: "warn" }]);
  });
});
