import { numberOf, stringOf } from "../../lib/codecs";
import { withSchema } from "../../lib/exactly";
import { PRODUCT_LENGTH, SAFE_INTEGER } from "./order";

/**
 * What any release ever took for a product or a power. A rule for new orders may become stricter; what is
 * stored, and whatever speaks of it, is read by the rule it was stored under.
 */
export const StoredProduct = withSchema(
  stringOf("1 to 64 characters", (text) => {
    const { length } = Array.from(text);
    return length >= 1 && length <= 64;
  }),
  PRODUCT_LENGTH,
);
export const StoredPower = withSchema(
  numberOf("an integer between ±(2^53 − 1)", Number.isSafeInteger),
  SAFE_INTEGER,
);
