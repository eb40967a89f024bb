import type { Clients } from "./aws/clients";
import type { remembering } from "./aws/pace";
import type { Host } from "./host";
import { type Declared, referredBy, textOf } from "./system/declared";
import { nameOf } from "./system/nodes";
import type { Awarded, SystemMap } from "./shapes";

/** The value of a metric over the period that begins then, in epoch milliseconds. */
export type Point = { readonly at: number; readonly value: number };

/** What a page is read from. */
export type Context = {
  readonly declared: Declared;
  readonly map: SystemMap;
  readonly aws: Clients;
  /** Metrics that were read lately, and what was awarded. */
  readonly metrics: ReturnType<typeof remembering<ReadonlyArray<Point>>>;
  readonly awarded: ReturnType<typeof remembering<Awarded>>;
  /** Where AWS shows the dashboard, of a system that is there. */
  readonly dashboard?: string;
  /** The messages that a local stand-in for Slack was sent, a line each. */
  readonly notifications?: string;
  /** The platform, where it runs on this machine. */
  readonly host?: Host;
};

const named = ({ declared }: Context, output: string): string | undefined => {
  const resource = declared.at(declared.output(output) ?? "");
  return resource === undefined ? undefined : nameOf(resource);
};

/** The resources that the pages about orders are read from, by the outputs that name them. */
export const ordersTable = (context: Context): string | undefined => named(context, "orders_table");
export const checkpointsTable = (context: Context): string | undefined => named(context, "checkpoints_table");
export const archiveBucket = (context: Context): string | undefined => named(context, "archive_bucket");

export type LoggedFunction = { readonly id: string; readonly name: string; readonly group: string };

/** Every function with the group its log is in. */
export const loggedFunctions = ({ declared }: Context): ReadonlyArray<LoggedFunction> =>
  declared.ofType("aws_lambda_function").map((resource) => {
    const group = declared.at(referredBy(resource.config["logging_config"]) ?? "");
    const name = nameOf(resource);
    return {
      id: resource.address,
      name,
      group: (group === undefined ? undefined : textOf(group, "name")) ?? `/aws/lambda/${name}`,
    };
  });
