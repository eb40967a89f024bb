/** What a workflow must know of the environment files. */
import { join } from "node:path";
import { domainToASCII } from "node:url";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Environment } from "../../environments/environment";
import { loadEnvironments } from "../../environments/load";
import { environmentNamed } from "../../environments/named";
import { type GitHubError, usage } from "./errors";

const HCP = "app.terraform.io";

/** The deployed environments: all but the local one. */
export const deployedEnvironments = (folder: string): E.Either<GitHubError, ReadonlyArray<string>> =>
  pipe(
    loadEnvironments(folder),
    E.bimap(
      (lines) => usage(lines.map((line) => join(folder, line)).join("\n")),
      (all) => all.map(({ name }) => name).filter((name) => name !== "local"),
    ),
  );

const hostOf = ({ backend }: Environment): string =>
  backend.type === "cloud" ? (backend.hostname ?? HCP) : HCP;

/**
 * The variable that Terraform reads a host's token from: no dot may stand in it, and a hyphen is two underscores.
 * A backend that is no HCP Terraform needs none, and gets that of HCP Terraform's usual host.
 */
export const tokenName = (environment: string, folder: string): E.Either<GitHubError, string> =>
  pipe(
    environmentNamed(environment, folder),
    E.bimap(
      usage,
      (found) => `TF_TOKEN_${domainToASCII(hostOf(found)).replaceAll("-", "__").replaceAll(".", "_")}`,
    ),
  );
