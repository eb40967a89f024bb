/** `npm run release -- <manifest|verify|compare|guard> …`: what a release is, and that it still is it; see USAGE. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import type { Environment } from "../environments/environment";
import { loadEnvironments } from "../environments/load";
import { cut } from "../lib/text";
import { environmentNamed } from "./environment-named";
import { finish } from "./finish";
import { currentCommit } from "./hcp/commit";
import { buildTag } from "./release/checkout";
import { type Comparison, compareStacks, type Explained, strays, synthHere } from "./release/compare";
import { EXITS, explain, failed, refused, type ReleaseError, usage } from "./release/errors";
import { abandoned, type Earlier, type Guarded, idleConsents, losses } from "./release/guard";
import { differences, Manifest, stackManifest, type StackManifest } from "./release/manifest";
import { isOfOneMachine } from "./release/place";
import { readSynthesized, synthesize } from "./release/synthesized";
import { currentTag, uncommitted } from "./release/uncommitted";

const USAGE = `Usage: npm run release -- COMMAND [OPTIONS]

  manifest [--out FILE]   writes what this commit's release consists of: digests of each environment's stack,
                          of every bundle and of the provider's lock file, and each environment's values
  verify ENVIRONMENT      synthesizes again and refuses if anything is not as the manifest has it
  compare A B             proves two environments' stacks equal but for what their files say
  guard TAG               refuses to lose what keeps data and was there at TAG: removed, renamed or made anew

  --out FILE              where the manifest goes (default release.json)
  --manifest FILE         the manifest to verify (default release.json)
  --allow-changes         a manifest although files differ from the commit
  --json FILE             writes the result there too: each reason of a refusal, of compare each difference

Exit status: 0 as it should be, 1 refused (each reason is a line), 2 wrong use or a faulty environment file,
3 something this needs failed.`;

const OPTIONS = {
  out: { type: "string", default: "release.json" },
  manifest: { type: "string", default: "release.json" },
  json: { type: "string" },
  "allow-changes": { type: "boolean", default: false },
  help: { type: "boolean", short: "h" },
} as const;

const parse = () => parseArgs({ allowPositionals: true, options: OPTIONS });
type Options = ReturnType<typeof parse>["values"];
type Result = TE.TaskEither<ReleaseError, ReadonlyArray<string>>;

const FOLDER = process.env["ORDERS_ENVIRONMENTS"] ?? "environments";
const Package = t.type({ version: t.string });

const environments = (): E.Either<ReleaseError, ReadonlyArray<Environment>> =>
  pipe(
    loadEnvironments(FOLDER),
    E.mapLeft((lines) => usage(lines.map((line) => join(FOLDER, line)).join("\n"))),
  );

const environmentOf = (name: string): E.Either<ReleaseError, Environment> =>
  pipe(environmentNamed(name, FOLDER), E.mapLeft(usage));

/** Runs something with a folder of its own that is gone afterwards. */
const inFolder = <A>(
  use: (folder: string) => TE.TaskEither<ReleaseError, A>,
): TE.TaskEither<ReleaseError, A> =>
  TE.bracket(
    TE.fromIO(() => mkdtempSync(join(tmpdir(), "orders-release-"))),
    use,
    (folder) => TE.fromIO(() => rmSync(folder, { recursive: true, force: true })),
  );

/** What this checkout synthesizes, as a manifest has it, by environment. */
const found = (
  wanted: ReadonlyArray<Environment>,
): TE.TaskEither<ReleaseError, Readonly<Record<string, StackManifest>>> =>
  inFolder((folder) =>
    pipe(
      synthesize(".", folder, wanted.length === 1 ? wanted[0]?.name : undefined),
      TE.flatMapEither((stacks) =>
        E.sequenceArray(
          wanted.map((environment) =>
            pipe(
              readSynthesized(join(stacks, environment.name)),
              E.map((stack) => [environment.name, stackManifest(environment, stack)] as const),
            ),
          ),
        ),
      ),
      TE.map((entries) => Object.fromEntries(entries)),
    ),
  );

/** The environment on a developer's machine is no part of a release. */
const isReleased = ({ backend }: Environment): boolean => backend.type !== "local";

const version = (): string => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  return Package.is(manifest) ? manifest.version : "";
};

const manifest = (options: Options): Result => {
  const changed = uncommitted(FOLDER);
  if (changed.length > 0 && !options["allow-changes"])
    return TE.left(
      refused("no manifest: this is not the commit it would be the release of", [
        ...changed,
        "commit or undo that, or say --allow-changes for a trial",
      ]),
    );
  const head = currentCommit(".").replace(/\+changes$/, "");
  const commit = changed.length > 0 ? `${head}+changes` : head;
  return pipe(
    TE.fromEither(environments()),
    TE.flatMap((all) => found(all.filter(isReleased))),
    TE.map((stacks): Manifest => ({
      format: 1,
      version: version(),
      tag: currentTag(),
      commit,
      environments: stacks,
    })),
    TE.map((written) => {
      writeFileSync(options.out, `${JSON.stringify(Manifest.encode(written), undefined, 2)}\n`);
      return [
        `${options.out}: release ${nameOf(written)}, commit ${commit}`,
        ...Object.entries(written.environments).map(
          ([name, { stack, resources, files }]) =>
            `  ${name.padEnd(12)} stack ${stack.slice(0, 12)}, ${Object.keys(resources).length} resources, ${Object.keys(files).length} files`,
        ),
      ];
    }),
  );
};

const nameOf = ({ tag, version: number }: Manifest): string => tag ?? number;

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

const verify = (name: string, options: Options): Result =>
  pipe(
    TE.Do,
    TE.apS("environment", TE.fromEither(environmentOf(name))),
    TE.apS("released", TE.fromEither(readManifest(options.manifest))),
    TE.bind("stacks", ({ environment }) => found([environment])),
    TE.flatMapEither(({ released, stacks }) => {
      const commit = currentCommit(".");
      const [wanted, is] = [released.environments[name], stacks[name]];
      if (wanted === undefined || is === undefined)
        return E.left(refused(`${options.manifest}: knows no environment ${name}`, []));
      const lines = [
        ...(released.commit === commit
          ? []
          : [`commit: the manifest's is ${released.commit}, this is ${commit}`]),
        ...differences(name, wanted, is),
      ];
      return lines.length === 0
        ? E.right([
            `${name} is release ${nameOf(released)} (commit ${commit}), as ${options.manifest} has it`,
          ])
        : E.left(refused(`${name} is not release ${nameOf(released)} of ${options.manifest}:`, lines));
    }),
  );

const short = (value: unknown): string => cut(value === undefined ? "nothing" : JSON.stringify(value), 60);

const explainedLine = ({ path, from, to, where }: Explained): string =>
  `  ${path}: ${short(from)} → ${short(to)}: ${where.length} values${where[0] === undefined ? "" : `, e.g. ${where[0]}`}`;

/** Synthesis throws where a stack cannot be made. */
const attempt = <A>(make: () => A): E.Either<ReleaseError, A> =>
  E.tryCatch(make, (error) => failed(error instanceof Error ? error.message : String(error)));

/** What is compared is a stack on its own; the app must make exactly that of each environment. */
const madeByApp = (all: ReadonlyArray<Environment>): TE.TaskEither<ReleaseError, ReadonlyArray<string>> =>
  inFolder((folder) =>
    pipe(
      synthesize(".", folder, undefined),
      TE.flatMapEither((stacks) =>
        E.traverseArray((environment: Environment) =>
          pipe(
            readSynthesized(join(stacks, environment.name)),
            E.flatMap(({ json }) => attempt(() => strays(json, synthHere(environment)))),
            E.map((lines) =>
              lines.map((line) => `${line}: main.ts and the stack alone, of ${environment.name}`),
            ),
          ),
        )(all),
      ),
      TE.map((lines) => lines.flat()),
    ),
  );

const compare = (nameOfA: string, nameOfB: string, options: Options): Result =>
  pipe(
    E.Do,
    E.apS("a", environmentOf(nameOfA)),
    E.apS("b", environmentOf(nameOfB)),
    TE.fromEither,
    TE.flatMap(({ a, b }) =>
      pipe(
        madeByApp([a, b]),
        TE.flatMapEither((byApp) =>
          attempt((): Comparison => {
            const { explained, unexplained } = compareStacks(a, b, synthHere);
            return { explained, unexplained: [...byApp, ...unexplained] };
          }),
        ),
      ),
    ),
    TE.flatMapEither((comparison) => {
      const { explained, unexplained } = comparison;
      if (options.json !== undefined)
        writeFileSync(options.json, `${JSON.stringify(comparison, undefined, 2)}\n`);
      const lines = [
        `what ${nameOfA} and ${nameOfB} differ in, and what comes of it:`,
        ...explained.map(explainedLine),
      ];
      return unexplained.length === 0
        ? E.right([...lines, `nothing else: ${nameOfA} and ${nameOfB} are the same release`])
        : E.left(
            refused(
              [...lines, `${nameOfA} and ${nameOfB} differ in what their files do not say:`].join("\n"),
              unexplained,
            ),
          );
    }),
  );

const Decommission = t.type({ decommission: t.string });

/** The released environments of an earlier checkout, as it synthesized them. */
const earlierIn = (checkout: string, stacks: string): E.Either<ReleaseError, ReadonlyArray<Earlier>> =>
  pipe(
    readdirSync(stacks).toSorted(),
    E.traverseArray((name) =>
      pipe(
        readSynthesized(join(stacks, name)),
        E.map(({ json: stack }): Earlier => {
          const file = join(checkout, "environments", `${name}.json`);
          const said: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
          return { name, decommission: Decommission.is(said), stack };
        }),
      ),
    ),
    E.map((all) => all.filter(({ stack }) => !isOfOneMachine(stack))),
  );

/** Builds a tag beside this checkout, synthesizes it, and takes it away again. */
const earlierAt = (tag: string, folder: string): TE.TaskEither<ReleaseError, ReadonlyArray<Earlier>> =>
  TE.bracket(
    TE.fromEither(buildTag(tag, join(folder, "then"), (line) => console.log(line))),
    () =>
      pipe(
        synthesize(join(folder, "then"), join(folder, "then-out"), undefined),
        TE.flatMapEither((stacks) => earlierIn(join(folder, "then"), stacks)),
      ),
    (takeAway) => TE.fromIO(takeAway),
  );

const guard = (tag: string): Result =>
  inFolder((folder) =>
    pipe(
      TE.Do,
      TE.apS("all", TE.fromEither(environments())),
      TE.bind("earlier", () => earlierAt(tag, folder)),
      TE.bind("now", () => synthesize(".", join(folder, "now-out"), undefined)),
      TE.bind("guarded", ({ all, earlier, now }) =>
        pipe(
          // An environment that is new since loses nothing.
          all.flatMap((environment) =>
            earlier.flatMap(({ name, stack }) =>
              name === environment.name ? [{ environment, before: stack }] : [],
            ),
          ),
          E.traverseArray(({ environment, before }) =>
            pipe(
              readSynthesized(join(now, environment.name)),
              E.map(({ json: after }): Guarded => ({ environment, before, after })),
            ),
          ),
          TE.fromEither,
        ),
      ),
      TE.flatMapEither(({ all, earlier, guarded }) => {
        const lost = [
          ...abandoned(
            earlier,
            all.map(({ name }) => name),
          ),
          ...guarded.flatMap(losses),
        ];
        return lost.length > 0
          ? E.left(refused(`this would lose what ${tag} made and filled:`, lost))
          : E.right([
              ...guarded.flatMap(idleConsents).map((line) => `note: ${line}`),
              `nothing that kept data at ${tag} is removed, renamed or made anew (${guarded.map(({ environment }) => environment.name).join(", ")})`,
            ]);
      }),
    ),
  );

/** Writes for programs what a person is told. */
const recorded = (file: string | undefined, result: Result): Result => {
  const write = (refused: boolean, lines: ReadonlyArray<string>) => (): void => {
    if (file !== undefined) writeFileSync(file, `${JSON.stringify({ refused, lines }, undefined, 2)}\n`);
  };
  return pipe(
    result,
    TE.tapIO((lines) => write(false, lines)),
    TE.tapError((error) => TE.fromIO(error._tag === "Refused" ? write(true, error.lines) : () => undefined)),
  );
};

const command = ({ values, positionals }: ReturnType<typeof parse>): Result => {
  const [name, ...operands] = positionals;
  const [first, second] = operands;
  switch (name) {
    case "manifest":
      return operands.length === 0 ? manifest(values) : TE.left(usage("manifest: takes no operand"));
    case "verify":
      return first !== undefined && operands.length === 1
        ? recorded(values.json, verify(first, values))
        : TE.left(usage("verify: expected one environment"));
    case "compare":
      return first !== undefined && second !== undefined && operands.length === 2
        ? compare(first, second, values)
        : TE.left(usage("compare: expected two environments"));
    case "guard":
      return first !== undefined && operands.length === 1
        ? recorded(values.json, guard(first))
        : TE.left(usage("guard: expected one tag"));
    case "promotable":
      return TE.left(usage("promotable is asked of HCP Terraform: npm run hcp -- promotable ENVIRONMENT"));
    case undefined:
      return TE.left(usage(`expected a command\n\n${USAGE}`));
    default:
      return TE.left(usage(`${name} is no command\n\n${USAGE}`));
  }
};

const parsed = E.tryCatch(parse, (error) => usage(error instanceof Error ? error.message : String(error)));

if (E.isRight(parsed) && parsed.right.values.help === true) console.log(USAGE);
else
  void finish(
    { name: "release", explain, exits: EXITS, otherwise: EXITS.Failed },
    pipe(TE.fromEither(parsed), TE.flatMap(command)),
  );
