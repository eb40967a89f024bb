/** Conditions of a statement, compiled: what is not understood is a fault, never an allow. */
import * as E from "fp-ts/Either";
import type { ConditionBlock } from "./document";
import { type Fits, operators } from "./operators";
import type { Values } from "./request";

export type Condition = (values: Values) => boolean;
export type ConditionFault = { readonly element: string; readonly problem: string };

/**
 * Keys that whoever compiles a policy gives values besides those of the local platform, by whether a request
 * has one value or many. One that ends with a slash stands for all that begin so: `aws:RequestTag/`.
 */
export type FurtherKeys = { readonly single: ReadonlyArray<string>; readonly many: ReadonlyArray<string> };

/**
 * The keys that get a value here: from the principal, the gateway, or the request. Any other
 * would silently be missing, and an IfExists or a negated operator on a missing key is true.
 */
const KEYS: ReadonlySet<string> = new Set(
  [
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:RequestedRegion",
    "aws:SourceArn",
    "aws:SourceAccount",
    "kms:ViaService",
    "kms:EncryptionContextKeys",
    "s3:prefix",
    "s3:delimiter",
    "s3:max-keys",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "sns:Protocol",
    "sns:Endpoint",
  ].map((key) => key.toLowerCase()),
);
const KEY_FAMILY = /^kms:EncryptionContext:./i;
const MANY_VALUED = new Set(["kms:encryptioncontextkeys"]);

const isAmong = (keys: ReadonlyArray<string>, key: string): boolean =>
  keys.some((one) => (one.endsWith("/") ? key.startsWith(one.toLowerCase()) : key === one.toLowerCase()));

type Quantifier = "one" | "any" | "all";
type Name = { readonly base: string; readonly quantifier: Quantifier; readonly ifExists: boolean };

const nameOf = (operator: string): Name => {
  const [, set, base = "", suffix] =
    /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/s.exec(operator) ?? [];
  const quantifier = set === undefined ? "one" : set === "ForAnyValue" ? "any" : "all";
  return { base, quantifier, ifExists: suffix !== undefined };
};

/** Whether the values given for a key fulfil the condition, where there are any. */
const fulfils = (given: ReadonlyArray<string>, { quantifier }: Name, holds: Fits): boolean =>
  quantifier === "any" ? given.some(holds) : given.every(holds);

const nullCondition = (key: string, wanted: ReadonlyArray<string>): E.Either<string, Condition> => {
  const [value = ""] = wanted.map((one) => one.toLowerCase());
  if (wanted.length !== 1 || !/^(true|false)$/.test(value)) return E.left('expected "true" or "false"');
  return E.right((values) => values.has(key) === (value === "false"));
};

const compileOne = (
  operator: string,
  writtenKey: string,
  wanted: ReadonlyArray<string>,
  { single, many }: FurtherKeys,
): E.Either<string, Condition> => {
  const name = nameOf(operator);
  const key = writtenKey.toLowerCase();
  if (!KEYS.has(key) && !KEY_FAMILY.test(key) && !isAmong([...single, ...many], key))
    return E.left("condition key not understood");
  if (wanted.some((value) => value.includes("${"))) return E.left("policy variables are not understood");
  if (operator === "Null") return nullCondition(key, wanted);
  const known = operators.get(name.base);
  if (known === undefined) return E.left("condition operator not understood");
  if ((MANY_VALUED.has(key) || isAmong(many, key)) && name.quantifier === "one")
    return E.left("has many values: expected ForAnyValue or ForAllValues");
  const fits: Fits[] = [];
  for (const value of wanted) {
    const prepared = known.prepare(value);
    if (E.isLeft(prepared)) return E.left(`expected ${prepared.left}`);
    fits.push(prepared.right);
  }
  const holds: Fits = (given) => fits.some((fit) => fit(given)) !== known.negated;
  const whenMissing =
    name.quantifier === "all" || name.ifExists || (known.negated && name.quantifier === "one");
  return E.right((values) => {
    const given = values.get(key);
    return given === undefined ? whenMissing : fulfils(given, name, holds);
  });
};

/** All keys of all operators must hold; of one key's values, one is enough (none, for a negated operator). */
export const compileConditions = (
  block: ConditionBlock,
  further: FurtherKeys,
): E.Either<ReadonlyArray<ConditionFault>, ReadonlyArray<Condition>> => {
  const faults: ConditionFault[] = [];
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(block)) {
    for (const [key, wanted] of Object.entries(keys)) {
      const compiled = compileOne(operator, key, wanted, further);
      if (E.isRight(compiled)) conditions.push(compiled.right);
      else faults.push({ element: `Condition.${operator}.${key}`, problem: compiled.left });
    }
  }
  return faults.length === 0 ? E.right(conditions) : E.left(faults);
};
