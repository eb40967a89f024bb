import * as E from "fp-ts/Either";
import fc from "fast-check";
import { PLACE_ORDERS } from "../../../functions/place-orders/contract";
import { fits, Limits, limitsOf } from "../../../functions/domain/limits";
import { arbitrary } from "../../support/arbitrary";

const letters = (characters: string) =>
  fc.string({ unit: fc.constantFrom(...Array.from(characters)), maxLength: 12 });

describe("a pattern of products", () => {
  it("stands for what the regular expression of it would match", () => {
    fc.assert(
      fc.property(letters("ab*."), letters("ab*.\n"), (pattern, text) => {
        const parts = pattern.split("*").map((part) => part.replace(/\./g, "\\."));
        expect(fits(pattern, text)).toBe(new RegExp(`^${parts.join("[^]*")}$`).test(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("fits all that another does where it fits that pattern itself", () => {
    fc.assert(
      fc.property(letters("ab*"), letters("ab*"), letters("ab"), (wide, narrow, text) => {
        if (fits(wide, narrow) && fits(narrow, text)) expect(fits(wide, text)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes no time to try, however many runs it has", () => {
    expect(fits(`${"*a".repeat(30)}b`, "a".repeat(64))).toBe(false);
  });
});

describe("limits", () => {
  it("of a product are those of the first pattern that fits, then the default, then none", () => {
    const products = [{ match: "DE-Q*", orders_per_day: 1 }, { match: "DE-*" }];
    const limits = { products, default: { power_per_day: 9 } };
    expect(limitsOf(limits, "DE-Q1")).toEqual({ match: "DE-Q*", orders_per_day: 1 });
    expect(limitsOf(limits, "DE-H1")).toEqual({ match: "DE-*" });
    expect(limitsOf(limits, "de-H1")).toEqual({ match: "default", power_per_day: 9 });
    expect(limitsOf({ products }, "FR")).toBeUndefined();
  });

  it.each([-1, 0.5, 2 ** 53, "1", null])("may not be %j", (most) => {
    for (const name of ["power_per_order", "orders_per_day", "power_per_day"])
      expect(E.isLeft(Limits.decode({ products: [], default: { [name]: most } }))).toBe(true);
  });

  it.each(["", "x".repeat(65), "a\nb", "Cafe\u0301", 7])("may not be of the pattern %j", (match) => {
    expect(E.isLeft(Limits.decode({ products: [{ match }] }))).toBe(true);
  });

  it("come out of a function's variable as they were, and say nothing to Terraform there", () => {
    const { LIMITS } = PLACE_ORDERS.settings;
    fc.assert(
      fc.property(arbitrary(Limits), (limits) => {
        const text = LIMITS.encode(limits);
        expect(text).not.toMatch(/[$%]\{/);
        expect(JSON.stringify(E.toUnion(LIMITS.decode(text)))).toBe(JSON.stringify(limits));
      }),
    );
    const nasty = { products: [{ match: "${a}%{b}$" }] };
    expect(LIMITS.encode(nasty)).not.toMatch(/[$%]\{/);
    expect(LIMITS.decode(LIMITS.encode(nasty))).toEqual(E.right(nasty));
    for (const text of [undefined, "", "{", "[]", '{"products":[],"default":{"orders":1}}'])
      expect(E.isLeft(LIMITS.decode(text))).toBe(true);
  });
});
