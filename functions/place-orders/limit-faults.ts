/** What breaks the limits of an environment, in words. */
import type { Fault } from "../../lib/faults";
import { ALL_COUNTED, COUNTED, type Counted, counts, type Limits, limitsOf } from "../domain/limits";
import type { Share, Sums } from "../ports/capabilities";
import type { InRequest } from "./in-request";

const PATTERNS_SHOWN = 10;

const expectedProduct = ({ products }: Limits): string => {
  const shown = products.slice(0, PATTERNS_SHOWN).map(({ match }) => match);
  return `a product that fits ${shown.join(", ")}${products.length > PATTERNS_SHOWN ? ", …" : ""}`;
};

/** What an order breaks by itself. */
export const faultsOf =
  (limits: Limits) =>
  ({ index, order: { product, power } }: InRequest): ReadonlyArray<Fault> => {
    const own = limitsOf(limits, product);
    if (own === undefined)
      return [
        {
          path: `orders[${index}].product`,
          expected: expectedProduct(limits),
          actual: JSON.stringify(product),
        },
      ];
    const { match, zero_power: zero = false, power_per_order: most = Infinity } = own;
    const fault = (expected: string): Fault => ({
      path: `orders[${index}].power`,
      expected,
      actual: String(power),
    });
    return [
      ...(power === 0 && !zero ? [fault(`a power other than 0 (zero_power of ${match})`)] : []),
      ...(Math.abs(power) > most
        ? [fault(`a power from -${most} to ${most} (power_per_order of ${match})`)]
        : []),
    ];
  };

/** Orders of one product whose sums are limited, and what they add to each. */
export type Group = {
  readonly product: string;
  readonly match: string;
  readonly orders: ReadonlyArray<InRequest>;
  readonly shares: ReadonlyArray<Share & { readonly most: number }>;
};

export const amount = (of: Counted, orders: ReadonlyArray<InRequest>): number =>
  orders.reduce((sum, { order }) => sum + counts(of, order), 0);

/** Orders by product, of those whose sums are limited. */
export const groupsOf =
  (limits: Limits) =>
  (orders: ReadonlyArray<InRequest>): ReadonlyArray<Group> =>
    [...Map.groupBy(orders, ({ order }) => order.product)].flatMap(([product, orders]) => {
      const own = limitsOf(limits, product);
      const shares = ALL_COUNTED.flatMap((of) => {
        const most = own?.[COUNTED[of]];
        return most === undefined ? [] : [{ of, most, amount: amount(of, orders) }];
      });
      return own === undefined || shares.length === 0 ? [] : [{ product, match: own.match, orders, shares }];
    });

const UNITS = {
  orders: { property: "product", what: "orders of the product" },
  power: { property: "power", what: "power of the product" },
} as const satisfies Record<Counted, unknown>;

/** What orders break together, given what was there before: told of each that those before it leave no room for. */
export const faultsOfSums = ({ match, orders, shares }: Group, sums: Sums): ReadonlyArray<Fault> => {
  const taken = { ...sums };
  return orders.flatMap(({ index, order }) => {
    const over = shares.filter(({ of, most }) => taken[of] + counts(of, order) > most);
    if (over.length === 0) for (const { of } of shares) taken[of] += counts(of, order);
    return over.map(({ of, most, amount: added }) => ({
      path: `orders[${index}].${UNITS[of].property}`,
      expected: `at most ${most} ${UNITS[of].what} in 24 hours (${COUNTED[of]} of ${match})`,
      actual: `${added} here, after ${sums[of]} before`,
    }));
  });
};
