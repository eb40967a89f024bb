import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { currentCommit, currentTag, currentVersion } from "../../stacks/checkout";
import { refused, type ReleaseError, usage } from "./errors";
import { environmentOf, environments, made, uncommitted } from "./this-checkout";
import { differences, Manifest, stackManifest } from "./manifest";

type Result = TE.TaskEither<ReleaseError, ReadonlyArray<string>>;

const nameOf = ({ tag, version }: Manifest): string => tag ?? version;

const committed = (allowChanges: boolean): E.Either<ReleaseError, string> => {
  const changed = uncommitted();
  const commit = currentCommit();
  if (changed.length === 0) return E.right(commit);
  return allowChanges
    ? E.right(commit.endsWith("+changes") ? commit : `${commit}+changes`)
    : E.left(
        refused("no manifest: this is not the commit it would be the release of", [
          ...changed,
          "commit or undo that, or say --allow-changes for a trial",
        ]),
      );
};

/** Writes what this commit's release consists of. */
export const manifest = (out: string, allowChanges: boolean): Result =>
  pipe(
    TE.Do,
    TE.apS("commit", TE.fromEither(committed(allowChanges))),
    TE.apS("all", TE.fromEither(environments())),
    TE.bind("stacks", ({ all }) => made(all)),
    TE.map(({ commit, stacks }): Manifest => ({
      format: 1,
      version: currentVersion(),
      tag: currentTag(),
      commit,
      environments: Object.fromEntries(
        stacks.map(({ environment, stack }) => [environment.name, stackManifest(environment, stack)]),
      ),
    })),
    TE.map((written) => {
      writeFileSync(out, `${JSON.stringify(Manifest.encode(written), undefined, 2)}\n`);
      return [
        `${out}: release ${nameOf(written)}, commit ${written.commit}`,
        ...Object.entries(written.environments).map(
          ([name, { stack, resources, files }]) =>
            `  ${name.padEnd(12)} stack ${stack.slice(0, 12)}, ${Object.keys(resources).length} resources, ${Object.keys(files).length} files`,
        ),
      ];
    }),
  );

const readManifest = (file: string): E.Either<ReleaseError, Manifest> => {
  if (!existsSync(file))
    return E.left(usage(`${file}: there is no manifest; make one with: npm run release -- manifest`));
  return pipe(
    E.tryCatch(
      (): unknown => JSON.parse(readFileSync(file, "utf8")),
      () => usage(`${file}: expected JSON`),
    ),
    E.flatMap((json) =>
      pipe(
        Manifest.decode(json),
        E.mapLeft(() => usage(`${file}: is not a manifest that this version writes`)),
      ),
    ),
  );
};

/** Synthesizes again, and refuses if anything is not as the manifest has it. */
export const verify = (name: string, file: string): Result =>
  pipe(
    TE.Do,
    TE.apS("environment", TE.fromEither(environmentOf(name))),
    TE.apS("released", TE.fromEither(readManifest(file))),
    TE.bind("stacks", ({ environment }) => made([environment])),
    TE.flatMapEither(({ released, stacks: [one] }) => {
      const commit = currentCommit();
      const wanted = released.environments[name];
      if (wanted === undefined || one === undefined)
        return E.left(refused(`${file}: knows no environment ${name}`, []));
      const lines = [
        ...(released.commit === commit
          ? []
          : [`commit: the manifest's is ${released.commit}, this is ${commit}`]),
        ...differences(name, wanted, stackManifest(one.environment, one.stack)),
      ];
      return lines.length === 0
        ? E.right([`${name} is release ${nameOf(released)} (commit ${commit}), as ${file} has it`])
        : E.left(refused(`${name} is not release ${nameOf(released)} of ${file}:`, lines));
    }),
  );
