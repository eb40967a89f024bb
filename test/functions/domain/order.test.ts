import * as E from "fp-ts/Either";
import fc from "fast-check";
import { PlacedOrder, sameContent, TERM_NAMES } from "../../../functions/domain/order";
import { arbitrary } from "../../support/arbitrary";
import { instant } from "../../support/instant";
import { order } from "../../support/in-memory";

const WHOLE = {
  valid_until: "2026-03-28T12:00:00+01:00",
  delivery_start: "2026-03-29T00:00:00+01:00",
  delivery_end: "2026-03-30T00:00:00+02:00",
  reference: "Strategy 7",
};
const placed = (terms: object): PlacedOrder =>
  E.getOrElse((): PlacedOrder => {
    throw new Error(JSON.stringify(terms));
  })(PlacedOrder.decode({ ...order(1), ...terms }));

describe("the content of an order", () => {
  it("is the same as itself, and as nothing that says more, less or something else", () => {
    fc.assert(
      fc.property(arbitrary(PlacedOrder), (one) => {
        expect(sameContent(one, JSON.parse(JSON.stringify(one)) as PlacedOrder)).toBe(true);
        expect(sameContent(one, { ...one, power: one.power + 1 })).toBe(false);
        expect(sameContent(one, { ...one, product: `${one.product}x` })).toBe(false);
      }),
    );
    const whole = placed(WHOLE);
    for (const name of TERM_NAMES) {
      const less = Object.fromEntries(Object.entries(WHOLE).filter(([said]) => said !== name));
      expect([name, sameContent(whole, placed(less))]).toEqual([name, false]);
      const other = name === "reference" ? "Strategy 8" : "2026-03-29T13:00:00Z";
      expect([name, sameContent(whole, placed({ ...WHOLE, [name]: other }))]).toEqual([name, false]);
    }
  });

  it("is the same in whatever offset its instants are written", () => {
    expect(
      sameContent(placed(WHOLE), {
        ...placed(WHOLE),
        valid_until: instant("2026-03-28T11:00:00Z"),
        delivery_start: instant("2026-03-28T23:00:00.000Z"),
        delivery_end: instant("2026-03-29T18:00:00-04:00"),
      }),
    ).toBe(true);
  });
});

describe("a reference", () => {
  it.each(["x", "x".repeat(64), "Stratégie Süd ⚡"])("may be %j", (reference) => {
    expect(PlacedOrder.is({ ...order(1), reference })).toBe(true);
  });
  it.each(["", "x".repeat(65), " ", "a\nb", "a\u200Bb", "a\u202Eb", "\uD800"])(
    "is none of %j",
    (reference) => {
      expect(PlacedOrder.is({ ...order(1), reference })).toBe(false);
    },
  );
});
