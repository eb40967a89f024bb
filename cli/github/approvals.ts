/** That a deployment waits for approval: GitHub creates an environment it does not know, without reviewers. */
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { type Repository, send } from "./api";
import { type GitHubError, refused } from "./errors";

const EnvironmentDocument = t.partial({
  protection_rules: t.readonlyArray(
    t.intersection([t.type({ type: t.string }), t.partial({ reviewers: t.readonlyArray(t.unknown) })]),
  ),
});

const NO_SUCH_ENVIRONMENT = 404;

/** @returns what is wrong with it, in words; undefined: nothing */
const faultOf =
  (repository: Repository) =>
  (name: string): TE.TaskEither<GitHubError, string | undefined> =>
    pipe(
      send(
        repository,
        { what: `read the GitHub environment ${name}`, path: `environments/${encodeURIComponent(name)}` },
        EnvironmentDocument,
      ),
      TE.map(({ protection_rules: rules = [] }) =>
        rules.some(({ type, reviewers = [] }) => type === "required_reviewers" && reviewers.length > 0)
          ? undefined
          : `${name}: has no required reviewers`,
      ),
      TE.orElse((error) =>
        error.answered === NO_SUCH_ENVIRONMENT
          ? TE.right(
              `${name}: there is no such GitHub environment, or the job may not read it (actions: read)`,
            )
          : TE.left(error),
      ),
    );

export const approvals = (
  repository: Repository,
  environments: ReadonlyArray<string>,
): TE.TaskEither<GitHubError, ReadonlyArray<string>> =>
  pipe(
    environments,
    TE.traverseSeqArray(faultOf(repository)),
    TE.flatMap((found) => {
      const faults = found.filter((fault) => fault !== undefined);
      return faults.length === 0
        ? TE.right([`${environments.join(" and ")}: deployed after somebody's approval`])
        : TE.left(
            refused('nobody would be asked; give it required reviewers (docs/release.md, "Once"):', faults),
          );
    }),
  );
