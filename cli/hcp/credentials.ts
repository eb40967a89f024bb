import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import type { HcpError } from "./errors";

const CredentialsFile = t.type({ credentials: t.record(t.string, t.type({ token: t.string })) });

/**
 * The variable Terraform itself reads a host's token from: dots become underscores, dashes two. It cannot
 * express a port; a host with one has its token in the credentials file.
 */
export const tokenVariable = (host: string): string =>
  `TF_TOKEN_${host.toLowerCase().replaceAll("-", "__").replaceAll(".", "_")}`;

/** Where `terraform login` writes. */
export const credentialsFile = (home: string = homedir()): string =>
  join(home, ".terraform.d", "credentials.tfrc.json");

const fromFile = (file: string, host: string): string | undefined =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(readFileSync(file, "utf8")),
      () => undefined,
    ),
    E.flatMapNullable(
      (json) => (CredentialsFile.is(json) ? json : undefined),
      () => undefined,
    ),
    E.map(({ credentials }) => credentials[host]?.token),
    E.getOrElse((): string | undefined => undefined),
  );

/** @returns the token for a host: the environment's variable first, then the CLI's credentials file */
export const findToken = (
  host: string,
  env: NodeJS.ProcessEnv,
  file: string = credentialsFile(),
): E.Either<HcpError, string> => {
  const variable = tokenVariable(host);
  const token = env[variable] ?? fromFile(file, host);
  return token === undefined || token === "" ? E.left({ _tag: "NoToken", host, variable }) : E.right(token);
};
