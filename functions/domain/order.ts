import * as t from "io-ts";
import { described, exactly, withSchema } from "../../lib/exactly";
import { isPrintable } from "../../lib/text";
import { ClientInstant, epochOf } from "./instant";

export const ORDER_IDS = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER };

interface OrderIdBrand {
  readonly OrderId: unique symbol;
}
export const OrderId = described(
  withSchema(
    t.brand(
      t.number,
      (value): value is t.Branded<number, OrderIdBrand> => Number.isSafeInteger(value) && value > 0,
      "OrderId",
    ),
    ORDER_IDS,
  ),
  "a positive integer up to 2^53 − 1",
);
export type OrderId = t.TypeOf<typeof OrderId>;

/** Lone surrogates cannot be stored as UTF-8, control characters can forge a line of a log or a message. */
const isStorable = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** Code points: what a person counts, but for composed emojis. */
const characters = (text: string): number => Array.from(text).length;

/** JSON Schema counts code points, too. */
export const PRODUCT_LENGTH = { minLength: 1, maxLength: 64 };

interface ProductBrand {
  readonly Product: unique symbol;
}
const Product = described(
  withSchema(
    t.brand(
      t.string,
      (value): value is t.Branded<string, ProductBrand> =>
        value.length <= 128 && characters(value) >= 1 && characters(value) <= 64 && isStorable(value),
      "Product",
    ),
    PRODUCT_LENGTH,
  ),
  "1 to 64 characters",
);
type Product = t.TypeOf<typeof Product>;

interface ReferenceBrand {
  readonly Reference: unique symbol;
}
/** The client's own text about an order. */
const Reference = described(
  withSchema(
    t.brand(
      t.string,
      (value): value is t.Branded<string, ReferenceBrand> =>
        value.length <= 128 && characters(value) <= 64 && isStorable(value) && isPrintable(value),
      "Reference",
    ),
    { format: "product", ...PRODUCT_LENGTH },
  ),
  "1 to 64 printable characters",
);

interface SubmittedProductBrand {
  readonly SubmittedProduct: unique symbol;
}
/** A product as it may be sent today: stored ones were taken by earlier, laxer rules and stay what they are. */
const SubmittedProduct = described(
  withSchema(
    t.brand(
      Product,
      (value): value is t.Branded<Product, SubmittedProductBrand> => isPrintable(value),
      "SubmittedProduct",
    ),
    // What is printable no regular expression says that every tool reads.
    { format: "product" },
  ),
  "1 to 64 printable characters",
);

export const SAFE_INTEGER = {
  type: "integer",
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
};

interface PowerBrand {
  readonly Power: unique symbol;
}
/** In the product's own unit; negative for a sale. */
const Power = described(
  withSchema(
    t.brand(
      t.number,
      (value): value is t.Branded<number, PowerBrand> => Number.isSafeInteger(value),
      "Power",
    ),
    SAFE_INTEGER,
  ),
  "an integer between ±(2^53 − 1)",
);

const properties = { order_id: OrderId, product: Product, power: Power };

/** The order itself, wherever it goes. */
export const Order = described(t.strict(properties, "Order"), "an order");
export type Order = t.TypeOf<typeof Order>;

/** What a desk may say of an order besides. It goes no further than this platform. */
export const TERMS = {
  /** The gate: the order is not sent from then on. */
  valid_until: ClientInstant,
  delivery_start: ClientInstant,
  delivery_end: ClientInstant,
  reference: Reference,
};
const Terms = t.partial(TERMS);
export const TERM_NAMES = [
  "valid_until",
  "delivery_start",
  "delivery_end",
  "reference",
] as const satisfies ReadonlyArray<keyof typeof TERMS>;

/** An order with its terms, as it is stored. */
export const PlacedOrder = t.exact(t.intersection([t.type(properties), Terms]), "PlacedOrder");
export type PlacedOrder = t.TypeOf<typeof PlacedOrder>;

/** An order as a client sends it. It may send a `status` too; the platform owns that and ignores theirs. */
export const SubmittedOrder = described(
  exactly({ ...properties, product: SubmittedProduct }, { ...TERMS, status: t.unknown }, "SubmittedOrder"),
  "an order {order_id, product, power}",
);

/**
 * The product reserved for orders that check a deployment (`npm run smoke`). Whoever sends it, such an order
 * is never a bid: it reaches the simulator at most, and people are not alarmed by it.
 */
export const TEST_PRODUCT = "smoke-test";

export const isTestOrder = ({ product }: { readonly product: string }): boolean => product === TEST_PRODUCT;

/** Why an order is expired, as people are told. */
export const EXPIRED_REASON = "its gate closed before it was sent";

/** Why a test order is rejected where the auction platform is a real one. */
export const NOT_SENT_REASON = "test order: not sent to the auction platform";

type Content = Omit<t.TypeOf<typeof Terms>, "reference"> & {
  readonly product: string;
  readonly power: number;
  readonly reference?: string;
};

const sameInstant = (a: ClientInstant | undefined, b: ClientInstant | undefined): boolean =>
  a === undefined || b === undefined ? a === b : epochOf(a) === epochOf(b);

/** Texts that look the same are the same. Orders of earlier releases keep their texts as they came. */
export const sameText = (a: string | undefined, b: string | undefined): boolean =>
  a?.normalize("NFC") === b?.normalize("NFC");

/** However a text, a number or an instant is written, it is the same one. */
export const sameContent = (a: Content, b: Content): boolean =>
  sameText(a.product, b.product) &&
  a.power === b.power &&
  sameText(a.reference, b.reference) &&
  sameInstant(a.valid_until, b.valid_until) &&
  sameInstant(a.delivery_start, b.delivery_start) &&
  sameInstant(a.delivery_end, b.delivery_end);

/** Whether an order's gate has closed by a time; that of an order without one never does. */
export const isGateClosed = (
  { valid_until }: Pick<t.TypeOf<typeof Terms>, "valid_until">,
  by: number,
): boolean => valid_until !== undefined && epochOf(valid_until) <= by;

/** The key under which the auction platform counts this order once, however often and by whomever it is sent. */
export const idempotencyKey = ({ order_id }: Pick<Order, "order_id">): string => `order-${order_id}`;
