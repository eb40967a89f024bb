import { isRight } from "fp-ts/Either";
import fc from "fast-check";
import { reasonOf } from "../../lib/thrown";
import { testOrder } from "../../cli/smoke/test-order";
import { isTestOrder, Order } from "../../functions/domain/order";

const moment = fc.date({ min: new Date("2026-01-01"), max: new Date("2288-12-31"), noInvalidDate: true });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("a test order", () => {
  it("is an order the platform takes and recognises, with an id no trading system counts to", () => {
    fc.assert(
      fc.property(moment, chance, (now, random) => {
        const decoded = Order.decode(testOrder(now, random));
        expect(isRight(decoded) && isTestOrder(decoded.right)).toBe(true);
        expect(testOrder(now, random).order_id).toBeGreaterThan(8_000_000_000_000_000);
      }),
    );
  });

  it("has an id of its own at every moment", () => {
    fc.assert(
      fc.property(moment, chance, chance, (now, a, b) => {
        const later = new Date(now.getTime() + 1);
        expect(testOrder(later, a).order_id).toBeGreaterThan(testOrder(now, b).order_id);
      }),
    );
  });
});

describe("a reason", () => {
  it.each([
    [
      new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }),
      /fetch failed \(connect ECONN/,
    ],
    [
      Object.assign(new Error("User is not authorized"), { name: "AccessDenied" }),
      /^AccessDenied: User is not/,
    ],
    [new Error("two\nlines"), /^two lines$/],
    [new AggregateError([]), /^AggregateError$/],
    ["a text", /^a text$/],
  ])("is one line: %s", (thrown, line) => {
    expect(reasonOf(thrown)).toMatch(line);
  });
});
