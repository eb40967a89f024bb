/**
 * The settings of a workspace in HCP Terraform. Terraform itself does not tell them, and they can contradict the
 * way releases are planned, reviewed and applied here.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { reasonOf } from "../smoke/reason";
import { tokenVariable } from "../terraform/errors";
import { isTested, TESTED_TERRAFORM } from "../terraform/version";
import { type Line, ok, toDo } from "./line";

type Cloud = Extract<Environment["backend"], { readonly type: "cloud" }>;

const Workspace = t.type({
  data: t.type({
    attributes: t.type({
      "execution-mode": t.string,
      "auto-apply": t.boolean,
      "vcs-repo": t.union([t.null, t.UnknownRecord]),
      "terraform-version": t.string,
    }),
  }),
});
type Settings = t.TypeOf<typeof Workspace>["data"]["attributes"];

const CredentialsFile = t.type({ credentials: t.record(t.string, t.type({ token: t.string })) });

/** Where `terraform login` keeps it. */
const loggedIn = (host: string): string | undefined => {
  const read = E.tryCatch(
    (): unknown => JSON.parse(readFileSync(join(homedir(), ".terraform.d", "credentials.tfrc.json"), "utf8")),
    () => undefined,
  );
  return E.isRight(read) && CredentialsFile.is(read.right) ? read.right.credentials[host]?.token : undefined;
};

const ANSWER_WITHIN_MS = 30_000;

const settingsOf = (
  { organization, workspace }: Cloud,
  host: string,
  token: string,
): TE.TaskEither<string, Settings> =>
  pipe(
    TE.tryCatch(
      () =>
        fetch(
          `https://${host}/api/v2/organizations/${organization}/workspaces/${encodeURIComponent(workspace)}`,
          {
            headers: { authorization: `Bearer ${token}` },
            signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
          },
        ),
      (error) => `${host} does not answer: ${reasonOf(error)}`,
    ),
    TE.filterOrElse(
      ({ status }) => status !== 404,
      () =>
        `there is none in ${organization} that this token may see; make it, as docs/new-environment.md tells`,
    ),
    TE.filterOrElse(
      ({ ok: isOk }) => isOk,
      ({ status }) => `${host} answered ${status}; is the token still good? terraform login ${host}`,
    ),
    TE.flatMap((answer) => TE.tryCatch(() => answer.json(), reasonOf)),
    TE.flatMapEither((json) =>
      Workspace.is(json)
        ? E.right(json.data.attributes)
        : E.left(`${host} does not answer as HCP Terraform does`),
    ),
  );

/** Each setting that a run depends on, and what it must be. */
export const settingLines = (workspace: string, settings: Settings): ReadonlyArray<Line> => {
  const what = `workspace ${workspace}`;
  const {
    "execution-mode": mode,
    "auto-apply": autoApply,
    "vcs-repo": repository,
    "terraform-version": version,
  } = settings;
  return [
    ok(what, "exists"),
    mode === "local"
      ? toDo(
          what,
          'its execution mode is "local": runs would use the credentials of whoever starts them; set it to "remote" or "agent"',
        )
      : ok(what, `its runs are executed by ${mode === "agent" ? "an agent" : "HCP Terraform"}`),
    autoApply
      ? toDo(
          what,
          "it applies by itself (auto-apply): a plan would be applied before anybody has read it; turn that off",
        )
      : ok(what, "waits for somebody to confirm a plan"),
    repository === null
      ? ok(what, "follows no repository by itself")
      : toDo(
          what,
          "it is linked to a repository (VCS): it takes no plan from outside, and plans by itself; disconnect it",
        ),
    isTested(version.replace(/^~> /, "")) || version === `~> ${TESTED_TERRAFORM}`
      ? ok(what, `runs Terraform ${version}`)
      : toDo(what, `runs Terraform ${version}; this project is tested with ${TESTED_TERRAFORM}: set that`),
  ];
};

const DEFAULT_HOST = "app.terraform.io";

export const workspaceChecks = (
  backend: Cloud,
  env: NodeJS.ProcessEnv,
): TE.TaskEither<never, ReadonlyArray<Line>> => {
  const host = backend.hostname ?? DEFAULT_HOST;
  const token = env[tokenVariable(host)] ?? loggedIn(host);
  const what = `workspace ${backend.workspace}`;
  if (token === undefined || token === "")
    return TE.right([
      toDo(what, `no token for ${host}: terraform login ${host}, or set ${tokenVariable(host)}`),
    ]);
  return pipe(
    settingsOf(backend, host, token),
    TE.match(
      (why): ReadonlyArray<Line> => [toDo(what, why)],
      (settings) => settingLines(backend.workspace, settings),
    ),
    TE.fromTask,
  );
};
