import { join } from "node:path";
import * as R from "fp-ts/ReadonlyRecord";
import type * as t from "io-ts";
import type { FunctionName } from "../environments/environment";
import type { WithdrawalConfig } from "../functions/auction-config";
import type { Asks, Contract, Use, Uses } from "../functions/contract";
import { Bucket } from "../modules/bucket";
import { Function } from "../modules/function";
import { Parameter } from "../modules/parameter";
import { Queue } from "../modules/queue";
import { Table } from "../modules/table";
import { Topic } from "../modules/topic";
import type { EnvironmentStack } from "./environment-stack";

type Resource = Table | Queue | Topic | Bucket | Parameter;

/** What a contract's use of something is bound to. */
type ResourceOf<U extends Use> = U extends { readonly table: unknown }
  ? Table
  : U extends { readonly queue: unknown }
    ? Queue
    : U extends { readonly topic: unknown }
      ? Topic
      : U extends { readonly bucket: unknown }
        ? Bucket
        : Parameter;

/** The auction platform as a function sees it: where it is, how to prove who asks, and who may. */
export type Auction = {
  readonly config: t.TypeOf<typeof WithdrawalConfig>;
  readonly grant: (caller: Function, may: NonNullable<Asks>) => void;
};

/** Everything that a contract names, and nothing else: what is bound gives the variable and the grants together. */
type Bindings<U extends Uses, S extends t.Props, A extends Asks> = {
  readonly uses: { readonly [K in keyof U]: ResourceOf<U[K]> };
  readonly settings: { readonly [K in keyof S]: t.TypeOf<S[K]> };
} & (A extends string ? { readonly auction: Auction } : { readonly auction?: never });

export type FunctionFactory = <U extends Uses, S extends t.Props, A extends Asks>(
  contract: Contract<FunctionName, U, S, A>,
  bindings: Bindings<U, S, A>,
) => Function;

/** What a function finds a resource by. */
const reference = (resource: Resource): string => {
  if (resource instanceof Queue) return resource.url;
  return resource instanceof Topic ? resource.arn : resource.name;
};

const grant = (caller: Function, use: Use | undefined, resource: Resource): void => {
  if (use === undefined) return;
  if ("table" in use && resource instanceof Table) {
    for (const access of use.table) resource.grant(caller, access);
    for (const index of use.query ?? []) resource.grantQuery(caller, index);
  } else if ("queue" in use && resource instanceof Queue)
    for (const access of use.queue) resource.grant(caller, access);
  else if ("topic" in use && resource instanceof Topic) resource.grantPublish(caller);
  else if ("bucket" in use && resource instanceof Bucket) resource.grant(caller, use.bucket);
  else if ("parameter" in use && resource instanceof Parameter) resource.grantRead(caller);
};

const texts = (codecs: t.Props, settings: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, String(codecs[name]?.encode(value))]),
  );

/**
 * Makes the environment's functions: each with its bundle, its size and limits, and the variables and grants that its
 * contract asks for.
 *
 * @param bundles the folder with one zip per function
 */
export const functionFactory = (stack: EnvironmentStack, bundles: string): FunctionFactory => {
  const { environment } = stack;
  return ({ name, uses, settings, auction: asks }, bindings) => {
    const { memory_mb, timeout_seconds, concurrency } = environment.functions[name];
    const resources: Readonly<Record<string, Resource>> = bindings.uses;
    const made = new Function(stack, name, {
      name: `${environment.name}-${name}`,
      accountId: environment.account_id,
      bundle: join(bundles, `${name}.zip`),
      memoryMb: memory_mb,
      timeoutSeconds: timeout_seconds,
      ...(concurrency === undefined ? {} : { concurrency }),
      environment: {
        ENVIRONMENT: environment.name,
        LOG_LEVEL: "info",
        ...R.map(reference)(resources),
        ...texts(settings, bindings.settings),
        ...bindings.auction?.config,
      },
      logRetentionDays: environment.retention.logs_days,
    });
    for (const [variable, resource] of Object.entries(resources)) grant(made, uses[variable], resource);
    if (asks !== undefined) bindings.auction?.grant(made, asks);
    return made;
  };
};
