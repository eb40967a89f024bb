/**
 * The settings of a workspace in HCP Terraform. Terraform itself does not tell them, and they can contradict the
 * way releases are planned, reviewed and applied here.
 */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { type Cloud, readOrganization } from "../terraform/hcp";
import { isTested, TESTED_TERRAFORM } from "../terraform/version";
import { type Line, ok, toDo } from "./result-line";

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

const settingsIn =
  ({ organization }: Cloud) =>
  (answer: unknown): E.Either<string, Settings> => {
    if (answer === undefined)
      return E.left(
        `there is none in ${organization} that this token may see; make it, as docs/new-environment.md tells`,
      );
    return Workspace.is(answer)
      ? E.right(answer.data.attributes)
      : E.left(`the answer is not one of HCP Terraform's`);
  };

export const workspaceChecks = (
  cloud: Cloud,
  env: NodeJS.ProcessEnv,
): TE.TaskEither<never, ReadonlyArray<Line>> =>
  pipe(
    readOrganization(cloud, `workspaces/${encodeURIComponent(cloud.workspace)}`, env),
    TE.flatMapEither(settingsIn(cloud)),
    TE.match(
      (why): ReadonlyArray<Line> => [toDo(`workspace ${cloud.workspace}`, why)],
      (settings) => settingLines(cloud.workspace, settings),
    ),
    TE.fromTask,
  );
