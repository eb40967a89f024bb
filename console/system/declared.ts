/** A synthesized stack, as far as the console needs it: resources, and what refers to what. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import type { Place } from "../aws/permissions";

const Config = t.record(t.string, t.unknown);
const Sections = t.record(t.string, t.record(t.string, Config));

const Provider = t.type({ region: t.string, allowed_account_ids: t.array(t.string) });
const Synthesized = t.intersection([
  t.type({ resource: Sections, provider: t.type({ aws: t.array(Provider) }) }),
  t.partial({ output: t.record(t.string, t.type({ value: t.unknown })) }),
]);

export type Resource = {
  /** `aws_sqs_queue.orders_queue` */
  readonly address: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
};

const REFERENCE = /\$\{(?:[^{}]*?[^\w.])?((?:data\.)?aws_\w+\.\w+)\./g;

/** The addresses that a value refers to, in its texts and theirs. */
export const referencesIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [...value.matchAll(REFERENCE)].map(([, address = ""]) => address);
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return Config.is(value) ? Object.values(value).flatMap(referencesIn) : [];
};

/** The first address that a value refers to. */
export const referredBy = (value: unknown): string | undefined => referencesIn(value)[0];

/** An attribute that is a text, as it is written. */
export const textOf = ({ config }: Resource, name: string): string | undefined => {
  const value = config[name];
  return typeof value === "string" ? value : undefined;
};

export const declaredBy = (document: unknown, environment: string) => {
  const decoded = Synthesized.decode(document);
  if (E.isLeft(decoded)) throw new Error(`the stack is not one of ours: ${faultLines(decoded.left)}`);
  const { resource, provider, output = {} } = decoded.right;
  const resources: ReadonlyArray<Resource> = Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, config]) => ({ address: `${type}.${name}`, type, config })),
  );
  const byAddress = new Map(resources.map((one) => [one.address, one]));
  return {
    environment,
    region: provider.aws[0]?.region ?? "",
    account: provider.aws[0]?.allowed_account_ids[0] ?? "",
    resources,
    ofType: (type: string) => resources.filter((one) => one.type === type),
    at: (address: string) => byAddress.get(address),
    /** The address an output of the stack refers to. */
    output: (name: string) => referredBy(output[name]?.value),
  };
};

export type Declared = ReturnType<typeof declaredBy>;

export const placeOf = ({ environment, region, account }: Declared): Place => ({
  name: environment,
  region,
  account_id: account,
});

export const statesArn = (
  { region, account }: Declared,
  kind: "stateMachine" | "execution",
  name: string,
): string => `arn:aws:states:${region}:${account}:${kind}:${name}`;

/** @param folder of the stack: the environment is named after it */
export const readDeclared = (folder: string): Declared =>
  declaredBy(JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")), basename(folder));
