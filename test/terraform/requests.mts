import type { Context } from "../../local/engine/iam/request";
import { ACCOUNT, type AccountMemory } from "./account-memory.mts";
import { actionOf } from "./actions.mts";
import { type Access, type Asked, SERVICES } from "./asked.mts";
import { type Call, type Json, parsed, recordOf, type Tags, textOf } from "./wire.mts";

/** What a call needs to be allowed, with the condition keys that AWS gives it; and what is remembered of it. */

/** What nobody can be denied. */
const NOT_NEEDED = new Set(["sts:GetCallerIdentity"]);

/** IAM is one for all regions, and its requests are those of this one. */
const REGION_OF_IAM = "us-east-1";

const asked = (call: Call, action: string, memory: AccountMemory): Asked | undefined =>
  SERVICES[call.service]?.(call, action, memory);

const unknown = ({ service, method, path, operation }: Call): string =>
  `no table here says what ${service} ${operation ?? `${method} /${path.join("/")}`} needs`;

const ofTags = (key: string, tags: Tags): Context =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));

const always = ({ service, region }: Call): Context => ({
  "aws:SecureTransport": "true",
  "aws:RequestedRegion": service === "iam" ? REGION_OF_IAM : region,
});

/** @returns every action and resource that must be allowed, or why that is not known */
export const accessesOf = (call: Call, memory: AccountMemory): ReadonlyArray<Access> | string => {
  const action = actionOf(call);
  if (action !== undefined && NOT_NEEDED.has(action)) return [];
  const found = action === undefined ? undefined : asked(call, action, memory);
  if (action === undefined || found === undefined) return unknown(call);
  const { resources, context = {}, tags = {}, untagged = [], making, besides = [] } = found;
  const keys = [...Object.keys(tags), ...untagged];
  const stated = {
    ...always(call),
    ...ofTags("aws:RequestTag", tags),
    ...(keys.length === 0 ? {} : { "aws:TagKeys": keys }),
  };
  const on = (resource: string): Context => ofTags("aws:ResourceTag", memory.tagsOf(resource));
  const isTagged = making !== undefined && Object.keys(tags).length > 0;
  return [
    ...resources.map((resource) => ({
      action,
      resource,
      context: { ...stated, ...on(resource), ...context },
    })),
    ...(isTagged
      ? [making.arn ?? resources[0] ?? "*"].map((resource) => ({
          action: making.tagging,
          resource,
          context: stated,
        }))
      : []),
    ...besides.map((one) => ({ ...one, context: { ...always(call), ...on(one.resource), ...one.context } })),
  ];
};

/** The actions alone: what a role must be granted for a call. */
export const actionsOf = (call: Call, memory: AccountMemory): ReadonlyArray<string> => {
  const accesses = accessesOf(call, memory);
  return typeof accesses === "string" ? [actionOf(call) ?? accesses] : accesses.map(({ action }) => action);
};

/** The ARN of what a call made: AWS makes up some names, and answers them. */
const madeArn = (call: Call, found: Asked, answer: Json): string | undefined => {
  switch (call.service) {
    case "kms":
      return textOf(recordOf(answer["KeyMetadata"]), "Arn");
    case "lambda":
      return (
        found.making?.arn?.replace(/[^:]*$/, (name) => textOf(answer, "UUID") ?? name) ?? found.resources[0]
      );
    case "apigateway":
      return found.making?.arn?.replace(/\/new$/, `/${textOf(answer, "apiId") ?? "new"}`);
    default:
      return found.resources[0];
  }
};

/** REST names the resource of API Gateway's tags in the path. */
const taggedArn = ({ service, path }: Call, found: Asked): string | undefined =>
  service === "apigateway" && path[1] === "tags" ? path[2] : found.resources[0];

const learnTags = (call: Call, action: string, found: Asked, answer: Json, memory: AccountMemory): void => {
  const { tags = {}, untagged = [], making } = found;
  if (making !== undefined) {
    const arn = madeArn(call, found, answer);
    if (arn !== undefined && Object.keys(tags).length > 0) memory.setTags(arn, tags);
    return;
  }
  const arn = taggedArn(call, found);
  if (arn === undefined || (Object.keys(tags).length === 0 && untagged.length === 0)) return;
  // A bucket's tags are replaced as a whole.
  const before = action === "s3:PutBucketTagging" ? {} : memory.tagsOf(arn);
  const kept = Object.entries({ ...before, ...tags }).filter(([key]) => !untagged.includes(key));
  memory.setTags(arn, Object.fromEntries(kept));
};

const learnRole = ({ input }: Call, action: string, memory: AccountMemory): void => {
  const name = textOf(input, "RoleName");
  const boundary = textOf(input, "PermissionsBoundary");
  if (name === undefined || !/^iam:(CreateRole|(Put|Delete)RolePermissionsBoundary)$/.test(action)) return;
  const made = `arn:aws:iam::${ACCOUNT}:role${textOf(input, "Path") ?? "/"}${name}`;
  memory.setRole(name, action === "iam:CreateRole" ? made : (memory.role(name)?.arn ?? made), boundary);
};

const learnKey = ({ input, region }: Call, action: string, answer: Json, memory: AccountMemory): void => {
  const arn = (id: string): string =>
    id.startsWith("arn:") ? id : `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
  const key = textOf(recordOf(answer["KeyMetadata"]), "Arn") ?? textOf(input, "KeyId", "TargetKeyId");
  const policy = textOf(input, "Policy");
  const alias = textOf(input, "AliasName");
  if (key !== undefined && policy !== undefined) memory.setKeyPolicy(arn(key), policy);
  if (key !== undefined && alias !== undefined && action !== "kms:DeleteAlias")
    memory.setAlias(alias, arn(key));
};

/** Remembers what policies will look at, of a call that was answered with success. */
export const learn = (call: Call, answered: string, memory: AccountMemory): void => {
  const action = actionOf(call);
  const found = action === undefined ? undefined : asked(call, action, memory);
  if (action === undefined || found === undefined) return;
  const answer = parsed(answered);
  learnTags(call, action, found, answer, memory);
  if (call.service === "iam") learnRole(call, action, memory);
  if (call.service === "kms") learnKey(call, action, answer, memory);
  if (action === "lambda:CreateEventSourceMapping") {
    const isFor = found.context?.["lambda:FunctionArn"];
    const mapping = madeArn(call, found, answer);
    if (typeof isFor === "string" && mapping !== undefined) memory.setMapping(mapping, isFor);
  }
};
