import { isDeepStrictEqual } from "node:util";
import { Declared, declaredEnvironments, deployedNames, shippedEnvironments } from "../support/synth";
import { accountOf } from "../stacks/account/accounts";
import { changed } from "./changed";
import { BREAKS, type Break } from "./rules/breaks";
import type { Rule, Stack } from "./rules/rule";
import { COMMON, RULES } from "./rules/rules";

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

const brokenBy = (one: Break, { environment, declared: { text } }: Stack): Stack => {
  const json: unknown = JSON.parse(text);
  const after = changed(json, one, one.plants);
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
