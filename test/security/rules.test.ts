import { isDeepStrictEqual } from "node:util";
import * as t from "io-ts";
import { Declared, declaredEnvironments, deployedNames, shippedEnvironments } from "../support/synth";
import { accountOf } from "../stacks/account/accounts";
import { BREAKS, type Break } from "./rules/breaks";
import type { Rule, Stack } from "./rules/rule";
import { COMMON, RULES } from "./rules/rules";
import { CHECKOV, DEVIATIONS, TRIVY } from "./rules/scanners";

const declared = declaredEnvironments();
const stacks: ReadonlyArray<Stack> = shippedEnvironments().flatMap((environment) => {
  const stack = declared.get(environment.name);
  return stack === undefined ? [] : [{ environment, declared: stack }];
});

const holdsFor = ({ only }: Rule, { environment }: Stack): boolean =>
  only === undefined ||
  (only.environments === "every deployed environment" ? deployedNames : only.environments).includes(
    environment.name,
  );

/** A line for each violation, by its environment and address. */
const violations = (rule: Rule, stack: Stack): ReadonlyArray<string> =>
  rule.check(stack).map(({ address, problem }) => `${stack.environment.name} ${address}: ${problem}`);

describe("a rule for every stack:", () => {
  it.each(RULES.map((rule) => [rule.sentence, rule] as const))("%s", (_, rule) => {
    const concerned = stacks.filter((stack) => holdsFor(rule, stack));
    expect(concerned).not.toEqual([]);
    expect(concerned.flatMap((stack) => violations(rule, stack))).toEqual([]);
  });
});

/** The stacks of the accounts that environments are deployed to. */
const accounts: ReadonlyArray<Stack> = stacks
  .filter(({ environment }) => environment.name !== "local")
  .map(({ environment: { name } }) => accountOf(name));

describe("a rule for every account's stack too:", () => {
  it.each(COMMON.map((rule) => [rule.sentence, rule] as const))("%s", (_, rule) => {
    expect(accounts.map(({ environment }) => environment.name)).toEqual(deployedNames);
    expect(accounts.flatMap((stack) => violations(rule, stack))).toEqual([]);
  });

  it("names the state's bucket where it lets in plain HTTP", () => {
    const broken = accounts.map(({ environment, declared: { text } }) => ({
      environment,
      declared: new Declared(text.replaceAll("aws:SecureTransport", "aws:ViaAWSService")),
    }));
    expect(broken.flatMap((stack) => COMMON.flatMap((rule) => violations(rule, stack)))).toEqual(
      accounts.map(
        ({ environment: { name } }) =>
          `${name} aws_s3_bucket.state: add a Deny without aws:SecureTransport to its aws_s3_bucket_policy`,
      ),
    );
  });
});

const Container = t.union([t.UnknownRecord, t.UnknownArray]);

/** A copy of some JSON with one value of it set or removed; what is not planted must have been there. */
const changed = (
  json: unknown,
  [key = "", ...rest]: ReadonlyArray<string>,
  value: unknown,
  plants: boolean,
): unknown => {
  if (!Container.is(json) && !(json === undefined && plants)) throw new Error(`nothing to change at ${key}`);
  if (Array.isArray(json))
    return json.map((one: unknown, index) =>
      String(index) === key ? changed(one, rest, value, plants) : one,
    );
  const { [key]: before, ...others } = { ...json };
  if (before === undefined && !plants) throw new Error(`there is no ${key} to change`);
  if (before !== undefined && plants && rest.length === 0) throw new Error(`there is a ${key} already`);
  const after = rest.length === 0 ? value : changed(before, rest, value, plants);
  return after === undefined ? others : { ...others, [key]: after };
};

const brokenBy = ({ path, value, plants }: Break, { environment, declared: { text } }: Stack): Stack => {
  const json: unknown = JSON.parse(text);
  const after = changed(json, path.split("/"), value, plants);
  expect(isDeepStrictEqual(json, after)).toBe(false);
  return { environment, declared: new Declared(JSON.stringify(after)) };
};

describe("a rule that is broken names the resource:", () => {
  const prod = stacks.find(({ environment }) => environment.name === "prod");
  if (prod === undefined) throw new Error("no prod");

  it.each(BREAKS.map((one) => [`${one.sentence} (${one.path})`, one] as const))("%s", (_, one) => {
    const stack = brokenBy(one, prod);
    const said = RULES.filter((rule) => holdsFor(rule, stack)).flatMap((rule) =>
      rule.check(stack).map(({ address }) => ({ sentence: rule.sentence, address })),
    );
    expect(said.filter(({ sentence }) => sentence === one.sentence).map(({ address }) => address)).toEqual([
      one.names,
    ]);
    // And no other rule says anything, or it would be another's break.
    expect(said.map(({ sentence }) => sentence).filter((sentence) => sentence !== one.sentence)).toEqual(
      one.also,
    );
  });

  it("every rule can be broken", () => {
    const tried = new Set(BREAKS.map(({ sentence }) => sentence));
    expect(RULES.map(({ sentence }) => sentence).filter((sentence) => !tried.has(sentence))).toEqual([]);
  });
});

describe("the scanners' rules for what these stacks hold", () => {
  const kept = RULES.flatMap(({ checkov = [], trivy = [] }) => [...checkov, ...trivy]);
  const deviated = DEVIATIONS.flatMap(({ ids }) => ids);

  it("are each kept by a rule here, or deviated from for a reason", () => {
    const known = [...CHECKOV, ...TRIVY];
    expect(known.filter((id) => !kept.includes(id) && !deviated.includes(id))).toEqual([]);
    expect([...kept, ...deviated].filter((id) => !known.includes(id))).toEqual([]);
  });

  it("are not both kept and deviated from", () => {
    expect(kept.filter((id) => deviated.includes(id))).toEqual([]);
  });
});
