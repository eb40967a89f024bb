import * as t from "io-ts";
import { numberOf, stringOf } from "../../lib/codecs";
import { described, exactly } from "../../lib/exactly";
import { isPrintable } from "../../lib/text";

/** How much an environment lets be ordered: its file says it, place-orders holds it. */

const Pattern = stringOf(
  "a pattern of a product in NFC, 1 to 64 printable characters, * for any run of characters",
  (text) => Array.from(text).length <= 64 && isPrintable(text) && text === text.normalize("NFC"),
);

/** A sum that keeps within its limit is a safe integer. */
const most = (unit: string) =>
  numberOf(
    `a whole number of ${unit} from 0 to 2^53 − 1`,
    (value) => Number.isSafeInteger(value) && value >= 0,
  );

const LIMITS = {
  /** Whether an order of no power is taken. */
  zero_power: t.boolean,
  /** Power counts without its sign: a purchase takes as much as a sale. */
  power_per_order: most("units of power"),
  /** Of one product, in any 24 hours. */
  orders_per_day: most("orders"),
  power_per_day: most("units of power"),
};
const OPTIONS = Object.keys(LIMITS)
  .map((name) => `${name}?`)
  .join(", ");

const ProductLimits = exactly({}, LIMITS, `{${OPTIONS}}`);
/** With the pattern that they are of. */
export type ProductLimits = t.TypeOf<typeof ProductLimits> & { readonly match: string };

export const Limits = described(
  exactly(
    { products: t.readonlyArray(exactly({ match: Pattern }, LIMITS, `{match, ${OPTIONS}}`)) },
    { default: ProductLimits },
    "{products, default?}",
  ),
  "limits {products, default?}",
);
export type Limits = t.TypeOf<typeof Limits>;

/** Whether a text is one that a pattern stands for. */
export const fits = (pattern: string, text: string): boolean => {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined) return text === pattern;
  const end = text.length - tail.length;
  if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let from = head.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
};

/** The limits of a product: those of the first pattern that fits. None: no order of it is taken. */
export const limitsOf = ({ products, default: others }: Limits, product: string): ProductLimits | undefined =>
  products.find(({ match }) => fits(match, product)) ??
  (others === undefined ? undefined : { ...others, match: "default" });

/** What is counted of a product's orders, and the limit of its sum in any 24 hours. */
export const COUNTED = { orders: "orders_per_day", power: "power_per_day" } as const;
export type Counted = keyof typeof COUNTED;
export const ALL_COUNTED = Object.keys(COUNTED) as ReadonlyArray<Counted>;

/** Whether sums of a product are limited, and so counted. */
export const areCounted = (limits: Omit<ProductLimits, "match">): boolean =>
  ALL_COUNTED.some((of) => limits[COUNTED[of]] !== undefined);

/** What an order adds to a sum. */
export const counts = (of: Counted, { power }: { readonly power: number }): number =>
  of === "orders" ? 1 : Math.abs(power);
