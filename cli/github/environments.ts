/** Where Terraform reads the token for an environment's host from. */
import { domainToASCII } from "node:url";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type { Environment } from "../../environments/environment";
import type { Failure } from "../../lib/command";
import { environmentOf } from "../environment-files";

const HCP = "app.terraform.io";

const hostOf = ({ backend }: Environment): string =>
  backend.type === "cloud" ? (backend.hostname ?? HCP) : HCP;

/**
 * The variable that Terraform reads a host's token from: no dot may stand in it, and a hyphen is two underscores.
 * A backend that is no HCP Terraform needs none, and gets that of HCP Terraform's usual host.
 */
export const tokenName = (environment: string): E.Either<Failure, string> =>
  pipe(
    environmentOf(environment),
    E.map((found) => `TF_TOKEN_${domainToASCII(hostOf(found)).replaceAll("-", "__").replaceAll(".", "_")}`),
  );
