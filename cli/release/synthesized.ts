/** Stacks as a checkout's app synthesizes them, read back from disk. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { Release, RELEASE, withoutRelease } from "../../stacks/release";
import { failed, type ReleaseError } from "./errors";

export const digestOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

const Addressed = t.record(t.string, t.record(t.string, t.UnknownRecord));
export const StackJson = t.intersection([
  t.type({ resource: Addressed, terraform: t.UnknownRecord }),
  t.partial({
    provider: t.UnknownRecord,
    output: t.UnknownRecord,
    data: Addressed,
    moved: t.array(t.type({ from: t.string, to: t.string })),
  }),
]);
export type StackJson = t.TypeOf<typeof StackJson>;

/** The attributes of every resource and data source, by address. */
export const addressesOf = ({
  resource,
  data = {},
}: StackJson): ReadonlyMap<string, Readonly<Record<string, unknown>>> =>
  new Map(
    [
      ...Object.entries(resource),
      ...Object.entries(data).map(([type, named]) => [`data.${type}`, named] as const),
    ].flatMap(([type, named]) =>
      Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes] as const),
    ),
  );

/** Its resources, and cdktf's own remarks, which mean nothing to Terraform. */
const NOT_REST = ["resource", "data", "//"];

/** What a stack says besides its resources: backend, provider, outputs, and whatever else may come. */
export const restOf = (json: StackJson): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(json).filter(([key]) => !NOT_REST.includes(key)));

export type Synthesized = {
  readonly folder: string;
  /** Without what it says of its release. */
  readonly json: StackJson;
  readonly release: Release;
  /** Content by path in the stack's folder: bundles and the lock file. */
  readonly files: ReadonlyMap<string, Uint8Array>;
};

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const Releasing = t.type({ output: t.type({ [RELEASE]: t.type({ value: Release }) }) });

/** A stack as `main.ts` writes it: what it declares, and which release it says it is. */
export const decodeStack = (json: unknown): E.Either<t.Errors, Pick<Synthesized, "json" | "release">> =>
  pipe(
    E.Do,
    E.apS("declared", t.UnknownRecord.decode(json)),
    E.bind("json", ({ declared }) => StackJson.decode(withoutRelease(declared))),
    E.bind("said", () => Releasing.decode(json)),
    // Only a plan says whether it is a hotfix.
    E.map(({ json, said }) => ({ json, release: { ...said.output[RELEASE].value, hotfix: null } })),
  );

export const readSynthesized = (folder: string): E.Either<ReleaseError, Synthesized> =>
  pipe(
    E.tryCatch(
      () => readFileSync(join(folder, "cdk.tf.json"), "utf8"),
      () => failed(`${folder}: there is no synthesized stack; make it with: npm run synth`),
    ),
    E.flatMap((text) =>
      pipe(
        decodeStack(JSON.parse(text)),
        E.mapLeft(() => failed(`${folder}/cdk.tf.json: is not what npm run synth writes`)),
      ),
    ),
    E.map((stack) => ({
      ...stack,
      folder,
      files: new Map(
        filesIn(folder)
          .filter((path) => path !== "cdk.tf.json")
          .map((path) => [path, readFileSync(join(folder, path))] as const),
      ),
    })),
  );

/**
 * Runs the app of a checkout.
 * @param root the checkout, built
 * @param outdir where the stacks go; recreated
 */
export const synthesize = (
  root: string,
  outdir: string,
  environments: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = process.env,
): TE.TaskEither<ReleaseError, string> =>
  TE.tryCatch(
    () =>
      new Promise<string>((resolve, reject) => {
        const only = environments.flatMap((name) => ["--environment", name]);
        execFile(
          process.execPath,
          [join(root, "dist", "main.js"), "--outdir", outdir, ...only],
          { cwd: root, env: { ...env, CI: "true" } },
          (error, stdout, stderr) => {
            if (error === null) resolve(join(outdir, "stacks"));
            else reject(new Error(`${stderr}${stdout}`.trim() || error.message));
          },
        );
      }),
    (error) => failed(error instanceof Error ? error.message : String(error)),
  );
