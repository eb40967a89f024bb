import type { Fault } from "../lib/faults";
import type { Environment } from "./environment";

/** What no single property can be wrong about, but two of them together can. */

type Rule = (environment: Environment) => Fault | undefined;

const unless = (holds: boolean, path: string, expected: string, actual: string): Fault | undefined =>
  holds ? undefined : { path, expected, actual };

const isLocal = ({ name }: Environment): boolean => name === "local";

/** The name of a preview environment. */
export const previewName = (pullRequest: number): string => `pr${pullRequest}`;

const RULES: ReadonlyArray<Rule> = [
  (environment) =>
    unless(
      environment.api.auth.type !== "none" || isLocal(environment),
      "api.auth.type",
      "iam or jwt: only the environment local may have none",
      "none",
    ),
  (environment) =>
    unless(
      environment.name !== "prod" || environment.deletion_protection,
      "deletion_protection",
      "true in prod",
      "false",
    ),
  (environment) =>
    unless(
      environment.name !== "prod" || environment.retention.table_recovery,
      "retention.table_recovery",
      "true in prod",
      "false",
    ),
  ({ endpoint, stand_in }) =>
    unless(
      endpoint === undefined || stand_in === true,
      "endpoint",
      "no endpoint, or stand_in: true beside it",
      "an endpoint",
    ),
  ({ name, tags }) =>
    unless(
      tags.environment === name,
      "tags.environment",
      `the environment's name, ${name}`,
      tags.environment,
    ),
  ({ name, preview }) =>
    unless(
      preview === undefined ? !/^pr\d+$/.test(name) : name === previewName(preview.pull_request),
      "name",
      preview === undefined
        ? "a name that is not a preview's; npm run preview makes those"
        : `that of its pull request, ${previewName(preview.pull_request)}`,
      name,
    ),
  ({ auction }) =>
    unless(
      auction.type !== "simulator" || auction.result_delay_seconds.min <= auction.result_delay_seconds.max,
      "auction.result_delay_seconds",
      "a min up to its max",
      "a greater one",
    ),
  ({ auction, functions }) =>
    unless(
      auction.type !== "simulator" ||
        auction.result_delay_seconds.min >= functions["auction-simulator"].timeout_seconds,
      "auction.result_delay_seconds.min",
      "at least functions.auction-simulator.timeout_seconds: an order entered late must not sort before results already read",
      "less",
    ),
  ({ api }) =>
    unless(
      api.auth.type !== "jwt" || api.auth.audience.length > 0,
      "api.auth.audience",
      "at least one audience",
      "none",
    ),
  (environment) =>
    unless(
      environment.api.auth.type !== "jwt" ||
        environment.api.auth.issuer.startsWith("https://") ||
        isLocal(environment),
      "api.auth.issuer",
      "an https URL: only the environment local may have an issuer without TLS",
      "http",
    ),
];

export const contradictions = (environment: Environment): ReadonlyArray<Fault> =>
  RULES.flatMap((rule) => rule(environment) ?? []);

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

/** What two environments must not share. */
export const UNIQUE: ReadonlyArray<{
  readonly path: string;
  readonly value: (environment: Environment) => string;
}> = [
  { path: "name", value: ({ name }) => name },
  { path: "backend", value: statePlace },
];
