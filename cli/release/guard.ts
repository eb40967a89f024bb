/** Whether a stack keeps what its environment's state holds. */
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import type { Reviewed } from "../deploy/review";
import type { Resources } from "./state";
import { addressesOf, type StackJson } from "./synthesized";

/**
 * What holds something that replacing it would lose (an API: the address its clients know), and the
 * attributes that replace it when they change (each type's page in the AWS provider's documentation: "forces
 * replacement"), each with what it is where a stack does not say.
 */
const STATEFUL: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws_apigatewayv2_api: { protocol_type: null },
  aws_cloudwatch_log_group: { name: null, log_group_class: "STANDARD" },
  aws_dynamodb_table: { name: null, hash_key: null, range_key: null, local_secondary_index: null },
  aws_kms_key: {
    customer_master_key_spec: "SYMMETRIC_DEFAULT",
    key_usage: "ENCRYPT_DECRYPT",
    multi_region: false,
  },
  aws_s3_bucket: { bucket: null, object_lock_enabled: false },
  aws_sns_topic: { name: null, fifo_topic: false },
  aws_sqs_queue: { name: null, fifo_queue: false },
};

const typeOf = (address: string): string => address.split(".")[0] ?? "";

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** What runs in an environment, and what replaces it. */
export type Guarded = {
  readonly environment: Environment;
  readonly running: Resources;
  readonly after: StackJson;
};

/** A state names every attribute, a stack only those that are set. */
const isOff = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

const settled = (value: unknown): unknown => {
  if (isOff(value)) return null;
  if (Array.isArray(value)) return value.map(settled);
  if (!t.UnknownRecord.is(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !isOff(one))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, settled(one)]),
  );
};

/** What a stack refers to is known to its plan alone, which is guarded too. */
const isReference = (value: unknown): boolean => typeof value === "string" && value.includes("${");

const isSame = (running: unknown, declared: unknown): boolean =>
  isReference(declared) || JSON.stringify(settled(running)) === JSON.stringify(settled(declared));

const consentTo = ({ name }: Pick<Environment, "name">, what: string): string =>
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

/** Where everything of an environment is, as its file calls it. */
type Place = Readonly<Record<"account_id" | "region", string>>;

const Provider = t.type({
  aws: t.readonlyArray(t.partial({ region: t.string, allowed_account_ids: t.readonlyArray(t.string) })),
});

const declaredPlace = ({ provider }: StackJson): Place => {
  const [aws] = Provider.is(provider) ? provider.aws : [];
  return { account_id: aws?.allowed_account_ids?.join(", ") ?? "any", region: aws?.region ?? "any" };
};

/** By the first ARN that tells. */
const runningPlace = (running: Resources): Place | undefined => {
  for (const { arn } of running.values()) {
    const [, region, account] =
      typeof arn === "string" ? (/^arn:[^:]+:[^:]+:([^:]+):(\d+):/.exec(arn) ?? []) : [];
    if (region !== undefined && account !== undefined) return { account_id: account, region };
  }
  return undefined;
};

const movedPlaces = ({ running, after }: Pick<Guarded, "running" | "after">): ReadonlyArray<keyof Place> => {
  const [then, now] = [runningPlace(running), declaredPlace(after)];
  return then === undefined
    ? []
    : (["account_id", "region"] as const).filter((place) => then[place] !== now[place]);
};

/** Whether each resource is where it was. */
const displaced = (guarded: Guarded): ReadonlyArray<string> => {
  const { environment, running, after } = guarded;
  const [then, now] = [runningPlace(running), declaredPlace(after)];
  return movedPlaces(guarded)
    .filter((place) => environment.removals?.[place] === undefined)
    .map(
      (place) =>
        `${environment.name}: ${place} ${then?.[place] ?? ""} → ${now[place]}: everything would be created there, empty; undo that, or ${consentTo(environment, place)}`,
    );
};

const lostResources = ({ environment, running, after }: Guarded): ReadonlyArray<string> => {
  const now = addressesOf(after);
  const moved = new Map((after.moved ?? []).map(({ from, to }) => [from, to]));
  const removals = environment.removals ?? {};
  return [...running].flatMap(([address, attributes]): ReadonlyArray<string> => {
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
    return Object.entries(replacing)
      .map(([attribute, byDefault]) => ({
        attribute,
        is: isOff(attributes[attribute]) ? byDefault : attributes[attribute],
        becomes: isOff(declared[attribute]) ? byDefault : declared[attribute],
      }))
      .filter(({ is, becomes }) => !isSame(is, becomes))
      .map(
        ({ attribute, is, becomes }) =>
          `${where}: ${attribute} ${shown(is)} → ${shown(becomes)} replaces it with an empty one; undo that, or ${consentTo(environment, address)}`,
      );
  });
};

/** A line for each loss that nobody has consented to. */
export const losses = (guarded: Guarded): ReadonlyArray<string> => [
  ...displaced(guarded),
  ...lostResources(guarded),
];

/** The same of a plan, which knows every value: the data-keeping resources it destroys or replaces. */
export const plannedLosses = (
  environment: Pick<Environment, "name" | "removals">,
  planned: ReadonlyArray<Pick<Reviewed, "address" | "action">>,
): ReadonlyArray<string> =>
  planned.flatMap(({ address, action }) => {
    const isLost = action === "replace" || action === "delete";
    if (!isLost || STATEFUL[typeOf(address)] === undefined) return [];
    if (environment.removals?.[address] !== undefined) return [];
    return [
      `${environment.name}: ${address}: would be ${action === "replace" ? "replaced" : "destroyed"}, with what it holds; undo that, or ${consentTo(environment, address)}`,
    ];
  });

/** State that is no longer where the file says: what was made would not be known there, and be made again. */
export const displacedState = (
  environment: Environment,
  then: Environment["backend"],
): ReadonlyArray<string> =>
  environment.removals?.["backend"] !== undefined
    ? []
    : [
        `${environment.name}: backend ${JSON.stringify(then)} → ${JSON.stringify(environment.backend)}: what was made would not be known there, and be made again; move the state, or ${consentTo(environment, "backend")}`,
      ];

/** An environment whose file is gone, and whose resources are still there: nobody plans them any more. */
export const abandoned = (name: string, running: Resources): string =>
  `${name}: environments/${name}.json is gone, and the ${running.size} resources it made are left to nobody; bring the file back and decommission it first ("decommission" in that file, applied and destroyed)`;

/** Consents without effect: the removal has happened, or never was planned. */
export const idleConsents = (
  { environment, running, after }: Guarded,
  isStateMoved: boolean,
): ReadonlyArray<string> => {
  const spokenOf = new Set<string>([
    ...running.keys(),
    ...movedPlaces({ running, after }),
    ...(isStateMoved ? ["backend"] : []),
  ]);
  return Object.keys(environment.removals ?? {})
    .filter((what) => !spokenOf.has(what))
    .map((what) => `${environment.name}: removals.${what}: nothing runs there that it speaks of`);
};
