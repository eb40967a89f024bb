/** Whether a release keeps what an earlier one made and filled. */
import type { Environment } from "../../environments/environment";
import { type Place, placeOf } from "./place";
import { addressesOf, type StackJson } from "./synthesized";

/**
 * What holds something that making it anew would lose (an API: the address its clients know), and the
 * attributes that make it anew when they change (each type's page in the AWS provider's documentation: "forces
 * replacement").
 */
const STATEFUL: Readonly<Record<string, ReadonlyArray<string>>> = {
  aws_apigatewayv2_api: ["protocol_type"],
  aws_cloudwatch_log_group: ["name", "log_group_class"],
  aws_dynamodb_table: ["name", "hash_key", "range_key", "local_secondary_index"],
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

/** Terraform takes an attribute that is not there for one that is off. */
const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? false) === JSON.stringify(other ?? false);

const consentTo = ({ name }: Environment, what: string): string =>
  `consent in environments/${name}.json: "removals": {"${what}": "who, when, why"}`;

/** Where moved blocks take an address, however many of them; one that leads back to itself ends there. */
const moveOf = (
  moved: ReadonlyMap<string, string>,
  address: string,
  passed: ReadonlyArray<string> = [],
): string => {
  const next = moved.get(address);
  return next === undefined || passed.includes(next) ? address : moveOf(moved, next, [...passed, address]);
};

const PLACES: Readonly<Record<keyof Place, string>> = {
  account_id: "everything would be made there anew, empty",
  region: "everything would be made there anew, empty",
  backend: "what was made would not be known there, and be made again; move the state",
};

const movedPlaces = (before: StackJson, after: StackJson): ReadonlyArray<keyof Place> => {
  const [then, now] = [placeOf(before), placeOf(after)];
  return (["account_id", "region", "backend"] as const).filter((place) => then[place] !== now[place]);
};

/** Each resource is where it was, and so is what Terraform knows of them. */
const displaced = ({ environment, before, after }: Guarded): ReadonlyArray<string> => {
  const [then, now] = [placeOf(before), placeOf(after)];
  return movedPlaces(before, after)
    .filter((place) => environment.removals?.[place] === undefined)
    .map(
      (place) =>
        `${environment.name}: ${place} ${then[place]} → ${now[place]}: ${PLACES[place]}, or ${consentTo(environment, place)}`,
    );
};

/** A line for everything that would be lost without anybody having decided it. */
export const losses = (guarded: Guarded): ReadonlyArray<string> => [
  ...displaced(guarded),
  ...lostResources(guarded),
];

const lostResources = ({ environment, before, after }: Guarded): ReadonlyArray<string> => {
  const now = addressesOf(after);
  const moved = new Map((after.moved ?? []).map(({ from, to }) => [from, to]));
  const removals = environment.removals ?? {};
  return [...addressesOf(before)].flatMap(([address, attributes]): ReadonlyArray<string> => {
    const replacing = STATEFUL[typeOf(address)];
    if (replacing === undefined || removals[address] !== undefined) return [];
    const target = moveOf(moved, address);
    const declared = now.get(target);
    const where = `${environment.name}: ${address}`;
    if (declared === undefined)
      return [
        target === address
          ? `${where}: is gone; move it (moved block), or ${consentTo(environment, address)}`
          : `${where}: is moved to ${target}, which is not declared`,
      ];
    if (typeOf(target) !== typeOf(address))
      return [`${where}: is moved to ${target}, which is something else`];
    return replacing
      .filter((attribute) => !isSame(attributes[attribute], declared[attribute]))
      .map(
        (attribute) =>
          `${where}: ${attribute} ${shown(attributes[attribute])} → ${shown(declared[attribute])} makes it anew, empty; undo that, or ${consentTo(environment, address)}`,
      );
  });
};

/** Consents that consent to nothing: the removal they speak of has happened, or never was. */
export const idleConsents = ({ environment, before, after }: Guarded): ReadonlyArray<string> => {
  const spokenOf = new Set<string>([...addressesOf(before).keys(), ...movedPlaces(before, after)]);
  return Object.keys(environment.removals ?? {})
    .filter((what) => !spokenOf.has(what))
    .map((what) => `${environment.name}: removals.${what}: the earlier release had no such resource`);
};

/** An environment of an earlier release, whose file said whether its end was decided. */
export type Earlier = { readonly name: string; readonly decommission: boolean; readonly stack: StackJson };

/** Environments whose files are gone: their resources stay, and nobody plans them any more. */
export const abandoned = (
  earlier: ReadonlyArray<Earlier>,
  present: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  earlier
    .filter(({ name, decommission }) => !decommission && !present.includes(name))
    .map(
      ({ name }) =>
        `${name}: environments/${name}.json is gone, and what it made is left to nobody; decommission it first ("decommission" in that file, applied and destroyed)`,
    );
