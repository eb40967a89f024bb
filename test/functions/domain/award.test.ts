import * as E from "fp-ts/Either";
import fc from "fast-check";
import { agree, awardFault, awardOf } from "../../../functions/domain/award";
import { decodeResults, readPage, Result } from "../../../functions/domain/results";
import { arbitrary } from "../../support/arbitrary";
import { order } from "../../support/in-memory";

/** The price of the one result on a page, as it is stored; undefined where the result is malformed. */
const priceIn = (json: string): string | undefined => {
  const result = `{"order_id":1,"product":"P","power":2,"status":"accepted","currency":"EUR","price":${json}}`;
  const page = readPage(`{"results":true,"orders":[${result}]}`);
  if (E.isLeft(page)) throw new Error("no page");
  const [first] = decodeResults(page.right.orders ?? []).results;
  return first === undefined ? undefined : awardOf(first).price;
};

describe("a price", () => {
  it.each([
    ['"41.10"', "41.10"],
    ["41.10", "41.10"],
    ["0.1", "0.1"],
    ["9007199254740993", "9007199254740993"],
    ["123456789.123456789123456789", "123456789.123456789123456789"],
    ["-500.00", "-500.00"],
    ["-0", "0"],
    ['"-0.00"', "0.00"],
    ["4.110e1", "41.10"],
    ["-4.11E+3", "-4110"],
    ["411e-1", "41.1"],
    ["5e-3", "0.005"],
    ["0e5", "0"],
    ["0.05e1", "0.5"],
    ["1e39", `1${"0".repeat(39)}`],
  ])("keeps each digit: %s is %s", (json, stored) => {
    expect(priceIn(json)).toBe(stored);
  });

  it.each([
    '"41,10"',
    '"1 000"',
    '"0x1f"',
    '"+1"',
    '".5"',
    '"007"',
    '"NaN"',
    '""',
    "1e999999999",
    "[1]",
    "true",
  ])("is none, and the result malformed: %s", (json) => {
    expect(priceIn(json)).toBeUndefined();
  });

  it("that is too long is none, however it is written", () => {
    for (const json of ["1e40", "1e-40", "1".repeat(41), `"${"1".repeat(100_000)}"`])
      expect(priceIn(json)).toBeUndefined();
  });

  it("has the value that was written, and is not changed by reading it again", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const price = priceIn(JSON.stringify(number));
        if (price === undefined) return;
        expect(Number(price)).toBe(number === 0 ? 0 : number);
        expect(priceIn(`"${price}"`)).toBe(price);
      }),
    );
  });

  it("needs its currency; a currency alone says nothing", () => {
    const decided = { status: "accepted", power: 2 } as const;
    expect(awardFault({ ...decided, ...awardOf({ price: "1" }) })).toBe("a price without its currency");
    expect(awardOf({ currency: "EUR" })).toEqual({});
  });
});

describe("an award", () => {
  it("goes the order's way, up to all of it, where it is accepted, and is nothing where it is rejected", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (power, awarded_power) => {
        const fits =
          awarded_power === power ||
          (awarded_power !== 0 &&
            Math.sign(awarded_power) === Math.sign(power) &&
            Math.abs(awarded_power) <= Math.abs(power));
        expect(awardFault({ status: "accepted", power, awarded_power }) === undefined).toBe(fits);
        expect(awardFault({ status: "rejected", power, awarded_power }) === undefined).toBe(
          awarded_power === 0,
        );
      }),
      {
        examples: [
          [5, 5],
          [5, 3],
          [5, 6],
          [5, 0],
          [5, -5],
          [-5, -3],
          [0, 0],
        ],
      },
    );
    for (const status of ["accepted", "rejected"] as const)
      expect(awardFault({ status, power: 5 })).toBeUndefined();
  });

  it("of a reason that is long or hides something is stored as one line that shows it", () => {
    const { reason = "" } = awardOf({ reason: ` no\nliquidity\u202e ${"x".repeat(10_000)}` });
    expect(reason).toMatch(/^no liquidity\uFFFD x+…$/);
    expect(reason.length).toBe(500);
    expect(awardOf({ reason: "  " })).toEqual({});
  });

  it("says nothing where a platform writes null", () => {
    const received = {
      ...order(1),
      status: "accepted",
      price: null,
      awarded_power: null,
      reason: null,
      final: null,
    };
    const { results } = decodeResults([received]);
    expect(results.map(awardOf)).toEqual([{}]);
  });

  it("agrees with itself, with the same price in other words, and with one that says less", () => {
    const one = { status: "accepted", power: 5, awarded_power: 3, price: "41.10", currency: "EUR" } as const;
    expect(agree(one, { ...one, price: "41.1" })).toBe(true);
    expect(agree(one, { status: "accepted", power: 5, awarded_power: 3 })).toBe(true);
    expect(agree(one, { status: "accepted", power: 5 })).toBe(false);
    expect(agree(one, { ...one, price: "41.01" })).toBe(false);
    expect(agree(one, { ...one, price: "410" })).toBe(false);
    expect(agree(one, { ...one, currency: "GBP" })).toBe(false);
  });

  it("is read from any result without throwing, and is the same when it is read again", () => {
    fc.assert(
      fc.property(arbitrary(Result), (result) => {
        const award = awardOf(result);
        expect(awardOf(award)).toEqual(award);
      }),
    );
  });
});
