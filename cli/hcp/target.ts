import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { loadEnvironments } from "../../environments/load";
import type { HcpError } from "./errors";

/** Where an environment's runs are: the only thing this command takes from an environment file. */
export type Target = {
  readonly environment: string;
  /** With its port, if it has one. */
  readonly host: string;
  readonly organization: string;
  readonly workspace: string;
  /** The environment a commit must have been applied to before it may come here. */
  readonly promotedFrom: string | undefined;
};

const DEFAULT_HOST = "app.terraform.io";

const usage = (message: string): HcpError => ({ _tag: "Usage", message });

/** @param folder of environment files */
export const targetOf = (name: string, folder: string): E.Either<HcpError, Target> =>
  pipe(
    loadEnvironments(folder),
    E.mapLeft((lines) => usage(lines.map((line) => join(folder, line)).join("\n"))),
    E.flatMap((environments) => {
      const found = environments.find((environment) => environment.name === name);
      const backend = found?.backend;
      if (backend === undefined)
        return E.left(
          usage(
            `there is no environment ${name}; there are ${environments.map((one) => one.name).join(", ")}`,
          ),
        );
      if (backend.type !== "cloud")
        return E.left(
          usage(
            `${join(folder, `${name}.json`)}: backend.type: expected cloud, got ${backend.type}: it has no runs in HCP Terraform`,
          ),
        );
      const { organization, workspace, hostname: host = DEFAULT_HOST } = backend;
      return E.right({
        environment: name,
        host,
        organization,
        workspace,
        promotedFrom: found?.promoted_from,
      });
    }),
  );

/** Where a person sees a workspace, or one of its runs. */
export const linkTo = (
  { host, organization, workspace }: Omit<Target, "promotedFrom">,
  run?: string,
): string =>
  `https://${host}/app/${organization}/workspaces/${workspace}${run === undefined ? "" : `/runs/${run}`}`;
