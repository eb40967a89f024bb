import * as t from "io-ts";
import {
  IDENTITY_POLICIES,
  RESOURCE_POLICIES,
  resources,
  type Check,
  type Rule,
  TRUST_POLICIES,
  unreadable,
} from "./rule";
import { TYPES } from "./types";

/** The other rules look where they know something to stand: nothing may stand where they do not look. */

const PARTS = ["//", "output", "provider", "resource", "terraform"];

/** What a resource may say about itself, and these rules read in a resource of its own. */
const ELSEWHERE: Readonly<Record<string, ReadonlyArray<string>>> = {
  aws_iam_role: ["inline_policy"],
  aws_s3_bucket: ["cors_rule", "grant", "logging", "policy", "replication_configuration", "website"],
  aws_sns_topic: ["policy"],
  aws_sqs_queue: ["policy", "redrive_allow_policy"],
};

const knownParts: Check = ({ declared }) => {
  const whole: unknown = JSON.parse(declared.text);
  if (!t.type({ provider: t.UnknownRecord }).is(whole)) return [{ address: "provider", problem: "name one" }];
  return [
    ...Object.keys(whole).filter((part) => !PARTS.includes(part)),
    ...Object.keys(whole.provider)
      .filter((name) => name !== "aws")
      .map((name) => `provider.${name}`),
  ].map((address) => ({ address, problem: "extend the rules to it first, or do without it" }));
};

const knownTypes: Check = ({ declared }) =>
  declared
    .addresses()
    .filter((address) => !TYPES.includes(address.split(".")[0] ?? ""))
    .map((address) => ({
      address,
      problem: "add its type to types.ts, with a rule for what Checkov does not see of it",
    }));

const nothingElsewhere: Check = (stack) =>
  stack.declared.addresses().flatMap((address) => {
    const attributes = stack.declared.one(address);
    return ["connection", "provisioner", "provider", ...(ELSEWHERE[address.split(".")[0] ?? ""] ?? [])]
      .filter((name) => attributes[name] !== undefined)
      .map((name) => ({ address, problem: `say ${name} in a resource of its own, or not at all` }));
  });

const readable: Check = (stack) =>
  Object.entries({ ...RESOURCE_POLICIES, ...IDENTITY_POLICIES, ...TRUST_POLICIES }).flatMap(
    ([type, attribute]) =>
      resources(stack, type).flatMap(({ address, attributes }) => {
        const problem = unreadable(attributes[attribute]);
        return problem === undefined ? [] : [{ address, problem }];
      }),
  );

export const READABLE: ReadonlyArray<Rule> = [
  {
    sentence: "A stack has resources of the one provider, and no module or data these rules do not see",
    check: knownParts,
  },
  {
    sentence: "No resource holds what belongs in a resource of its own, or runs a program",
    check: nothingElsewhere,
  },
  { sentence: "Every policy is written so that these rules can read it", check: readable },
];

export const KNOWN: ReadonlyArray<Rule> = [
  { sentence: "Every resource is of a type these rules know", check: knownTypes },
];
