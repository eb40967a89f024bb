/** What Terraform does not report of HCP Terraform: read from its API, with the token Terraform would use. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { reasonOf } from "../../lib/thrown";
import { orVariable, tokenVariable } from "./errors";

export type Cloud = Extract<Environment["backend"], { readonly type: "cloud" }>;

const DEFAULT_HOST = "app.terraform.io";
const ANSWER_WITHIN_MS = 30_000;

const CredentialsFile = t.type({ credentials: t.record(t.string, t.type({ token: t.string })) });

/** Where `terraform login` keeps it. */
const loggedIn = (host: string): string | undefined => {
  const read = E.tryCatch(
    (): unknown => JSON.parse(readFileSync(join(homedir(), ".terraform.d", "credentials.tfrc.json"), "utf8")),
    () => undefined,
  );
  return E.isRight(read) && CredentialsFile.is(read.right) ? read.right.credentials[host]?.token : undefined;
};

/**
 * @param path below the organization
 * @returns the answer's JSON; undefined: there is no such thing, or the token may not see it. Left: why not, and
 * what to do
 */
export const readOrganization = (
  { organization, hostname: host = DEFAULT_HOST }: Cloud,
  path: string,
  env: NodeJS.ProcessEnv,
): TE.TaskEither<string, unknown> => {
  const token = env[tokenVariable(host)] ?? loggedIn(host);
  if (token === undefined || token === "")
    return TE.left(`no token for ${host}: terraform login ${host}${orVariable(host)}`);
  return pipe(
    TE.tryCatch(
      () =>
        fetch(`https://${host}/api/v2/organizations/${organization}/${path}`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        }),
      (error) => `${host} does not answer: ${reasonOf(error)}`,
    ),
    TE.flatMap((answer) => {
      if (answer.status === 404) return TE.right<string, unknown>(undefined);
      return answer.ok
        ? TE.tryCatch((): Promise<unknown> => answer.json(), reasonOf)
        : TE.left(`${host} answered ${answer.status}; is the token still good? terraform login ${host}`);
    }),
  );
};
