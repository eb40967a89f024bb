import { awsClients, type AwsSettings } from "./aws/clients";
import { type Pace, remembering } from "./aws/pace";
import type { Context } from "./context";
import { readLive } from "./reads/live";
import type { Host } from "./host";
import { type Answer, answerTo, change } from "./server/answers";
import { dashboardOf, dashboardUrl } from "./system/dashboard";
import { placeOf, readDeclared } from "./system/declared";
import { mapOf } from "./system/map";

export type Shown = {
  /** The folder of its stack. */
  readonly stack: string;
  /** Where it runs, if not in AWS. */
  readonly aws: Omit<AwsSettings, "region">;
  readonly pace: Pace;
  /** The messages that a local stand-in for Slack was sent, a line each. */
  readonly notifications?: string;
  readonly host?: Host;
};

/** The console of one system. */
export const appOf = ({ stack, aws, pace, notifications, host }: Shown) => {
  const declared = readDeclared(stack);
  const dashboard = aws.endpoint === undefined ? dashboardOf(declared) : undefined;
  const context: Context = {
    declared,
    map: mapOf(declared),
    aws: awsClients({ ...aws, region: declared.region }, placeOf(declared), pace),
    metrics: remembering(pace.metricsMs),
    awarded: remembering(pace.metricsMs),
    ...(dashboard === undefined ? {} : { dashboard: dashboardUrl(declared, dashboard) }),
    ...(notifications === undefined ? {} : { notifications }),
    ...(host === undefined ? {} : { host }),
  };
  const answers = remembering<Answer>(pace.everyMs / 2);
  return {
    // Where nothing can be changed, what several pages ask for is read once.
    answer: (url: URL) =>
      host === undefined
        ? answers(`${url.pathname}${url.search}`, () => answerTo(context, url))
        : answerTo(context, url),
    /** Does what a page asks to be changed: nothing but faults of the local platform. */
    change: (url: URL, body: unknown) => change(context, url, body),
    live: () => readLive(context),
  };
};

export type App = ReturnType<typeof appOf>;
