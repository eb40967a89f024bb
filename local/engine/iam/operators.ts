/** What one condition operator makes of one wanted and one given value. */
import { BlockList, isIP } from "node:net";
import * as E from "fp-ts/Either";
import { arnParts, matches, matchesArn } from "./pattern";

/** Whether a given value fits the wanted one. */
export type Fits = (given: string) => boolean;

export type Operator = {
  /** Reads the wanted value once, when the policy is compiled; a string says what it should have been. */
  readonly prepare: (wanted: string) => E.Either<string, Fits>;
  /** `StringNotEquals`: true where no wanted value fits, and where the key is missing. */
  readonly negated: boolean;
};

const text =
  (fits: (wanted: string, given: string) => boolean): Operator["prepare"] =>
  (wanted) =>
    E.right((given) => fits(wanted, given));

const equals = text((wanted, given) => wanted === given);
const equalsIgnoringCase = text((wanted, given) => wanted.toLowerCase() === given.toLowerCase());
const like = text(matches);

const arn: Operator["prepare"] = (wanted) =>
  arnParts(wanted) === undefined ? E.left("an ARN") : E.right((given) => matchesArn(wanted, given));

const bool: Operator["prepare"] = (wanted) =>
  /^(true|false)$/i.test(wanted)
    ? E.right((given) => given.toLowerCase() === wanted.toLowerCase())
    : E.left('"true" or "false"');

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const numeric =
  (fits: (given: number, wanted: number) => boolean): Operator["prepare"] =>
  (wanted) =>
    NUMBER.test(wanted)
      ? E.right((given) => NUMBER.test(given) && fits(Number(given), Number(wanted)))
      : E.left("a number");

const family = (address: string): "ipv4" | "ipv6" => (isIP(address) === 6 ? "ipv6" : "ipv4");

const address: Operator["prepare"] = (wanted) => {
  const [network = "", bits] = wanted.split("/");
  const widest = isIP(network) === 6 ? 128 : 32;
  const prefix = bits === undefined ? widest : Number(bits);
  const whole = bits === undefined || /^\d{1,3}$/.test(bits);
  if (isIP(network) === 0 || !whole || prefix > widest) return E.left("an IP address or CIDR block");
  const block = new BlockList();
  block.addSubnet(network, prefix, family(network));
  return E.right((given) => isIP(given) !== 0 && block.check(given, family(given)));
};

const positive = (prepare: Operator["prepare"]): Operator => ({ prepare, negated: false });
const negated = (prepare: Operator["prepare"]): Operator => ({ prepare, negated: true });

/** Names exactly as policies write them. `Null` is apart: it asks for the key, not for its value. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", positive(equals)],
  ["StringNotEquals", negated(equals)],
  ["StringEqualsIgnoreCase", positive(equalsIgnoringCase)],
  ["StringNotEqualsIgnoreCase", negated(equalsIgnoringCase)],
  ["StringLike", positive(like)],
  ["StringNotLike", negated(like)],
  ["ArnEquals", positive(arn)],
  ["ArnLike", positive(arn)],
  ["ArnNotEquals", negated(arn)],
  ["ArnNotLike", negated(arn)],
  ["Bool", positive(bool)],
  ["NumericEquals", positive(numeric((given, wanted) => given === wanted))],
  ["NumericNotEquals", negated(numeric((given, wanted) => given === wanted))],
  ["NumericLessThan", positive(numeric((given, wanted) => given < wanted))],
  ["NumericLessThanEquals", positive(numeric((given, wanted) => given <= wanted))],
  ["NumericGreaterThan", positive(numeric((given, wanted) => given > wanted))],
  ["NumericGreaterThanEquals", positive(numeric((given, wanted) => given >= wanted))],
  ["IpAddress", positive(address)],
  ["NotIpAddress", negated(address)],
]);
