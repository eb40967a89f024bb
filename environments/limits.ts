import { COUNTED, fits, type Limits } from "../functions/domain/limits";
import type { Fault } from "../lib/faults";

/** Of the 4 KB that Lambda has for all variables of a function. */
const MOST_BYTES = 3_000;

const overLong = (limits: Limits): ReadonlyArray<Fault> => {
  const bytes = Buffer.byteLength(JSON.stringify(limits));
  return bytes <= MOST_BYTES
    ? []
    : [
        {
          path: "orders.limits",
          expected: `at most ${MOST_BYTES} bytes of JSON: place-orders has them in a variable`,
          actual: `${bytes}`,
        },
      ];
};

const allRefused = ({ products, default: others }: Limits): ReadonlyArray<Fault> =>
  products.length > 0 || others !== undefined
    ? []
    : [
        {
          path: "orders.limits",
          expected: "a product or a default",
          actual: "neither: no order could be placed",
        },
      ];

/** A pattern that fits another, read as a text, fits whatever that one does. */
const neverReached = ({ products }: Limits): ReadonlyArray<Fault> =>
  products.flatMap(({ match }, index) => {
    const earlier = products.slice(0, index).find((one) => fits(one.match, match));
    return earlier === undefined
      ? []
      : [
          {
            path: `orders.limits.products[${index}].match`,
            expected: `a pattern before ${earlier.match}, which fits all that it does`,
            actual: match,
          },
        ];
  });

const neverMet = ({ products, default: others }: Limits): ReadonlyArray<Fault> =>
  [
    ...products.map((limits, index) => ({ limits, path: `orders.limits.products[${index}]` })),
    ...(others === undefined ? [] : [{ limits: others, path: "orders.limits.default" }]),
  ].flatMap(({ path, limits: { power_per_order: one = 0, [COUNTED.power]: day = Infinity } }) =>
    one <= day
      ? []
      : [
          {
            path: `${path}.power_per_order`,
            expected: `at most ${COUNTED.power}, ${day}`,
            actual: String(one),
          },
        ],
  );

/** What contradicts itself in an environment's limits. */
export const limitFaults = (limits: Limits): ReadonlyArray<Fault> =>
  [overLong, allRefused, neverReached, neverMet].flatMap((rule) => rule(limits));
