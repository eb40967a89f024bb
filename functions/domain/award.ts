import * as t from "io-ts";
import { stringOf } from "../../lib/codecs";
import { withSchema } from "../../lib/exactly";
import { cut, oneLine } from "../../lib/text";
import type { Verdict } from "./status";
import { StoredPower } from "./stored-values";

/** A number as JSON writes it. */
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
/** No price of any market has more; a number of a thousand digits is none. */
const MOST_DIGITS = 40;

/** Written without an exponent, every digit kept: `4.10e1` is `41.0`. A zero has no sign. None of what is no number. */
const plain = (text: string): string | undefined => {
  const [whole, sign = "", integer = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  const digits = `${integer}${fraction}`;
  const point = integer.length + Number(exponent);
  const decimals = Math.max(digits.length - point, 0);
  if (whole === undefined || Math.max(point, 1) + decimals > MOST_DIGITS) return undefined;
  const padded = digits.padStart(digits.length + Math.max(1 - point, 0), "0").padEnd(point, "0");
  const at = padded.length - decimals;
  const units = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const rest = at === padded.length ? "" : `.${padded.slice(at)}`;
  return `${/[1-9]/.test(digits) ? sign : ""}${units}${rest}`;
};

/** As a result says it: a text, or a number that the reader of the page made a text of, to the letter. */
const Decimal = stringOf(
  `a decimal number of at most ${MOST_DIGITS} digits`,
  (text) => plain(text) !== undefined,
);

/** As it is stored and shown. */
const Price = withSchema(
  stringOf("a decimal number without an exponent", (text) => plain(text) === text),
  { pattern: String.raw`^-?(0|[1-9]\d*)(\.\d+)?$`, maxLength: MOST_DIGITS + 3 },
);

const CURRENCY = /^[A-Z]{3}$/;
const Currency = withSchema(
  stringOf("three letters such as EUR", (text) => CURRENCY.test(text)),
  { pattern: CURRENCY.source },
);

/** What came of an order, where its result says so. Nothing said of an accepted one's power: all of it. */
export const AWARD = { awarded_power: StoredPower, price: Price, currency: Currency, reason: t.string };
export type Award = t.TypeOf<t.PartialC<typeof AWARD>>;

/** Some platforms write null where there is nothing to say. */
const orNull = <A, O>(codec: t.Type<A, O>) => t.union([codec, t.null], codec.name);

/** The same as a result has it. */
export const RESULT_AWARD = {
  awarded_power: orNull(StoredPower),
  price: orNull(Decimal),
  currency: orNull(Currency),
  reason: orNull(t.string),
};
type ResultAward = t.TypeOf<t.PartialC<typeof RESULT_AWARD>>;

const MOST_REASON = 500;

/** The award alone, of whatever has one. */
export const awardIn = ({ awarded_power, price, currency, reason }: Award): Award => ({
  ...(awarded_power === undefined ? {} : { awarded_power }),
  ...(price === undefined ? {} : { price }),
  ...(currency === undefined ? {} : { currency }),
  ...(reason === undefined ? {} : { reason }),
});

/** As it is stored: the price in one notation, the reason in one line of bounded length. A currency goes with a price. */
export const awardOf = ({ awarded_power, price, currency, reason }: ResultAward): Award => {
  const said = reason === undefined || reason === null ? "" : cut(oneLine(reason).trim(), MOST_REASON);
  const stated = plain(price ?? "");
  return {
    ...(awarded_power === undefined || awarded_power === null ? {} : { awarded_power }),
    ...(stated === undefined ? {} : { price: stated }),
    ...(stated === undefined || currency === undefined || currency === null ? {} : { currency }),
    ...(said === "" ? {} : { reason: said }),
  };
};

/** A verdict about an order of some power, with what it is awarded. */
type Decided = Award & { readonly status: Verdict; readonly power: number };

/** How much of its power an order gets. */
export const awardedTo = ({ status, power, awarded_power }: Decided): number =>
  awarded_power ?? (status === "accepted" ? power : 0);

/** What about an award cannot be; undefined of a good one. */
export const awardFault = (decided: Decided): string | undefined => {
  const { status, power, price, currency } = decided;
  const awarded = awardedTo(decided);
  if (status === "rejected" && awarded !== 0) return `rejected, but ${awarded} of ${power} is awarded`;
  if (status === "accepted" && awarded !== power) {
    if (awarded === 0) return "accepted, but nothing is awarded";
    if (Math.sign(awarded) !== Math.sign(power)) return `awarded ${awarded} of ${power}, the other way`;
    if (Math.abs(awarded) > Math.abs(power)) return `awarded ${awarded} of ${power}, more than was ordered`;
  }
  return price !== undefined && currency === undefined ? "a price without its currency" : undefined;
};

/** Whether two awards say the very same. */
export const sameAward = (one: Award, other: Award): boolean =>
  JSON.stringify(awardIn(one)) === JSON.stringify(awardIn(other));

const sameIfSaid = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b;

const withoutZeros = (price: string | undefined): string | undefined =>
  price?.includes(".") === true ? price.replace(/\.?0+$/, "") : price;

/** Whether two awards of one verdict can both be true: `41.10` is `41.1`, and saying less contradicts nothing. */
export const agree = (one: Decided, other: Decided): boolean =>
  awardedTo(one) === awardedTo(other) &&
  sameIfSaid(withoutZeros(one.price), withoutZeros(other.price)) &&
  sameIfSaid(one.currency, other.currency);
