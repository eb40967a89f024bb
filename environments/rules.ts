import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Fault } from "../lib/faults";
import { longestPauseMinutes, parseScheduleExpression } from "../lib/schedule-expression";
import type { Environment, Parts } from "./environment";
import { limitFaults } from "./limits";

/** Contradictions: properties that are valid alone and wrong together. */

type Rule = (parts: Parts) => Fault | undefined;

const has = <K extends keyof Parts>(
  parts: Parts,
  keys: ReadonlyArray<K>,
): parts is Parts & Pick<Environment, K> => keys.every((key) => parts[key] !== undefined);

/** A rule about some properties, asked where each of them is right by itself. */
const about =
  <K extends keyof Parts>(
    keys: ReadonlyArray<K>,
    rule: (parts: Parts & Pick<Environment, K>) => Fault | undefined,
  ): Rule =>
  (parts) =>
    has(parts, keys) ? rule(parts) : undefined;

const unless = (holds: boolean, path: string, expected: string, actual: string): Fault | undefined =>
  holds ? undefined : { path, expected, actual };

const isLocal = ({ name }: Parts): boolean => name === "local";

/** API Gateway answers 503 after 30 seconds; a function that ends before can still say what is wrong. */
const API_SECONDS = 29;
const API_FUNCTIONS = ["place-orders", "cancel-orders", "query-orders", "auction-simulator"] as const;

/** EventBridge counts in minutes; a platform on one machine may be quicker. */
const inSeconds = (environment: Parts, expression: string): boolean =>
  isLocal(environment) && /^rate\(\d+ seconds?\)$/.test(expression);

const takenByScheduler = (name: "results" | "sweep"): Rule =>
  about(["name", "schedules"], (environment) => {
    const { expression } = environment.schedules[name];
    if (inSeconds(environment, expression)) return undefined;
    const parsed = parseScheduleExpression(expression);
    return E.isRight(parsed)
      ? undefined
      : { path: `schedules.${name}.expression`, expected: parsed.left, actual: expression };
  });

/** The alarm on missing results would ring between any two firings that are further apart. */
const longerThanThePause = about(["alarms", "schedules"], ({ alarms, schedules: { results } }) => {
  const pause = pipe(
    parseScheduleExpression(results.expression),
    E.fold(() => undefined, longestPauseMinutes),
  );
  const silence = alarms.results_silence_minutes;
  return unless(
    !results.enabled || pause === undefined || pause < silence,
    "alarms.results_silence_minutes",
    `more than the ${pause ?? 0} minutes between two runs by ${results.expression}`,
    String(silence),
  );
});

const answersTheApi = (name: (typeof API_FUNCTIONS)[number]): Rule =>
  about(
    ["functions"],
    ({
      functions: {
        [name]: { timeout_seconds },
      },
    }) =>
      unless(
        timeout_seconds <= API_SECONDS,
        `functions.${name}.timeout_seconds`,
        `at most ${API_SECONDS}: the API gives up after 30 seconds`,
        String(timeout_seconds),
      ),
  );

/** The prefix of previews' names, and no others': their roles match it. */
export const PREVIEW = "pv";

/** The name of a preview environment. */
export const previewName = (pullRequest: number): string => `${PREVIEW}${pullRequest}`;

const MOST_QUEUES = 20;
/** Those of an alarm of AWS Budgets. */
const MOST_RECIPIENTS = 10;

/** What is wrong with the first queue that is not just another system's. */
const takesChanges = (name: string, queues: ReadonlyArray<string>): Fault | undefined =>
  queues.flatMap((queue, index): ReadonlyArray<Fault> => {
    const expected = queue.startsWith(`${name}-`)
      ? "a queue of another system, not of the environment's own"
      : queues.indexOf(queue) !== index
        ? "each queue once"
        : undefined;
    return expected === undefined
      ? []
      : [{ path: `order_changes.queues[${index}]`, expected, actual: queue }];
  })[0];

const RULES: ReadonlyArray<Rule> = [
  takenByScheduler("results"),
  takenByScheduler("sweep"),
  longerThanThePause,
  ...API_FUNCTIONS.map(answersTheApi),
  about(
    ["submissions_at_once", "functions"],
    ({
      submissions_at_once,
      functions: {
        "submit-orders": { concurrency },
      },
    }) =>
      unless(
        concurrency === undefined || submissions_at_once <= concurrency,
        "submissions_at_once",
        `at most functions.submit-orders.concurrency, ${concurrency ?? 0}: Lambda throttles what is above, and each throttled delivery counts towards the dead-letter queue`,
        String(submissions_at_once),
      ),
  ),
  about(["name", "api"], (environment) =>
    unless(
      environment.api.auth.type !== "none" || isLocal(environment),
      "api.auth.type",
      "iam or jwt: only the environment local may have none",
      "none",
    ),
  ),
  about(["name", "deletion_protection"], (environment) =>
    unless(
      environment.name !== "prod" || environment.deletion_protection,
      "deletion_protection",
      "true in prod",
      "false",
    ),
  ),
  about(["name", "retention"], (environment) =>
    unless(
      environment.name !== "prod" || environment.retention.table_recovery,
      "retention.table_recovery",
      "true in prod",
      "false",
    ),
  ),
  ({ endpoint, stand_in }) =>
    unless(
      endpoint === undefined || stand_in === true,
      "endpoint",
      "no endpoint, or stand_in: true beside it",
      "an endpoint",
    ),
  about(["name", "tags"], ({ name, tags }) =>
    unless(
      tags.environment === name,
      "tags.environment",
      `the environment's name, ${name}`,
      tags.environment,
    ),
  ),
  about(["name"], ({ name, preview }) =>
    unless(
      preview === undefined ? !name.startsWith(PREVIEW) : name === previewName(preview.pull_request),
      "name",
      preview === undefined
        ? "a name that is not a preview's; npm run preview makes those"
        : `that of its pull request, ${previewName(preview.pull_request)}`,
      name,
    ),
  ),
  about(["alarms"], ({ alarms, budget }) =>
    unless(
      budget === undefined || alarms.recipients.length <= MOST_RECIPIENTS,
      "alarms.recipients",
      `at most ${MOST_RECIPIENTS} with a budget: AWS Budgets mails to no more`,
      String(alarms.recipients.length),
    ),
  ),
  ({ order_changes: changes }) =>
    unless(
      changes === undefined || changes.queues.length <= MOST_QUEUES,
      "order_changes.queues",
      `at most ${MOST_QUEUES} queues: each is a delivery of every change`,
      String(changes?.queues.length),
    ),
  about(["name"], ({ name, order_changes: changes }) => takesChanges(name, changes?.queues ?? [])),
  about(["auction"], ({ auction }) =>
    unless(
      auction.type !== "simulator" || auction.result_delay_seconds.min <= auction.result_delay_seconds.max,
      "auction.result_delay_seconds",
      "a min up to its max",
      "a greater one",
    ),
  ),
  about(["auction", "functions"], ({ auction, functions }) =>
    unless(
      auction.type !== "simulator" ||
        auction.result_delay_seconds.min >= functions["auction-simulator"].timeout_seconds,
      "auction.result_delay_seconds.min",
      "at least functions.auction-simulator.timeout_seconds: an order entered late must not sort before results already read",
      "less",
    ),
  ),
  about(["api"], ({ api }) =>
    unless(
      api.auth.type !== "jwt" || api.auth.audience.length > 0,
      "api.auth.audience",
      "at least one audience",
      "none",
    ),
  ),
  about(["name", "api"], (environment) =>
    unless(
      environment.api.auth.type !== "jwt" ||
        environment.api.auth.issuer.startsWith("https://") ||
        isLocal(environment),
      "api.auth.issuer",
      "an https URL: only the environment local may have an issuer without TLS",
      "http",
    ),
  ),
];

export const contradictions = (parts: Parts): ReadonlyArray<Fault> => [
  ...RULES.flatMap((rule) => rule(parts) ?? []),
  ...(parts.orders === undefined ? [] : limitFaults(parts.orders.limits)),
];

/** Where an environment's state is kept. Two environments with the same place would destroy each other. */
const statePlace = ({ name, account_id, region, backend }: Environment): string => {
  switch (backend.type) {
    case "cloud":
      return `cloud ${backend.hostname ?? ""} ${backend.organization} ${backend.workspace}`;
    case "s3":
      return `s3 ${backend.bucket} ${backend.key}`;
    case "local":
      return `local ${name} ${account_id} ${region}`;
  }
};

/** What two environments must not share; undefined is shared with nobody. */
export const UNIQUE: ReadonlyArray<{
  readonly path: string;
  readonly value: (environment: Environment) => string | undefined;
}> = [
  { path: "name", value: ({ name }) => name },
  { path: "backend", value: statePlace },
  // A preview is named by its pull request alone.
  { path: "previews", value: ({ previews }) => (previews === true ? "true" : undefined) },
];
