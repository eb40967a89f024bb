/** Whether a release keeps what an earlier one made and filled. */
import type { Environment } from "../../environments/environment";
import { addressesOf, type StackJson } from "./synthesized";

/**
 * What holds something that making it anew would lose, and the attributes that make it anew when they change
 * (each type's page in the AWS provider's documentation: "forces replacement").
 */
const STATEFUL: Readonly<Record<string, ReadonlyArray<string>>> = {
  aws_cloudwatch_log_group: ["name"],
  aws_dynamodb_table: ["name", "hash_key", "range_key"],
  aws_kms_key: ["customer_master_key_spec", "key_usage", "multi_region"],
  aws_s3_bucket: ["bucket", "object_lock_enabled"],
  aws_sns_topic: ["name", "fifo_topic"],
  aws_sqs_queue: ["name", "fifo_queue"],
};

const typeOf = (address: string): string => address.split(".")[0] ?? "";

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

export type Guarded = {
  readonly environment: Environment;
  readonly before: StackJson;
  readonly after: StackJson;
};

/** A line for everything that would be lost without anybody having decided it. */
export const losses = ({ environment, before, after }: Guarded): ReadonlyArray<string> => {
  const now = addressesOf(after);
  const moved = new Map((after.moved ?? []).map(({ from, to }) => [from, to]));
  const removals = environment.removals ?? {};
  return [...addressesOf(before)].flatMap(([address, attributes]): ReadonlyArray<string> => {
    const replacing = STATEFUL[typeOf(address)];
    if (replacing === undefined || address in removals) return [];
    const target = moved.get(address) ?? address;
    const declared = now.get(target);
    const where = `${environment.name}: ${address}`;
    if (declared === undefined)
      return [
        target === address
          ? `${where}: is gone; move it (moved block), or consent in environments/${environment.name}.json: "removals": {"${address}": "who, when, why"}`
          : `${where}: is moved to ${target}, which is not declared`,
      ];
    if (typeOf(target) !== typeOf(address))
      return [`${where}: is moved to ${target}, which is something else`];
    return replacing
      .filter((attribute) => JSON.stringify(attributes[attribute]) !== JSON.stringify(declared[attribute]))
      .map(
        (attribute) =>
          `${where}: ${attribute} ${shown(attributes[attribute])} → ${shown(declared[attribute])} makes it anew, empty`,
      );
  });
};

/** Consents that consent to nothing: the removal they speak of has happened, or never was. */
export const idleConsents = ({ environment, before }: Guarded): ReadonlyArray<string> => {
  const had = addressesOf(before);
  return Object.keys(environment.removals ?? {})
    .filter((address) => !had.has(address))
    .map((address) => `${environment.name}: removals.${address}: the earlier release had no such resource`);
};
