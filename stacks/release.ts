/**
 * Which release a stack is. A stack says so in an output, so that what runs in an environment is read from its
 * state, whatever its backend, and by nothing but Terraform.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";

const Preview = t.strict({ pull_request: t.number, created: t.string });

/** The output `release`. A later version may say more; what this one does not know, it leaves out. */
export const Release = t.exact(
  t.intersection([
    t.type({
      /** Of `package.json`. */
      version: t.string,
      /** With `+changes` where files differed from it. */
      commit: t.string,
      /** SHA-256 of the stack without this output: its resources, its bundles' names, its settings. */
      stack: t.string,
      /** SHA-256 of the functions' bundles: environments of one release have it in common. */
      bundles: t.string,
    }),
    t.partial({
      /** Who decided on a hotfix, which skips the environment it must come from, and why. */
      hotfix: t.union([t.string, t.null]),
      /** Of an environment that is there for a pull request. */
      preview: t.union([Preview, t.null]),
    }),
  ]),
  "a release {version, commit, stack, bundles}",
);
export type Release = t.TypeOf<typeof Release>;
type Preview = t.TypeOf<typeof Preview>;

/** The output's name in the stack and in the state. */
export const RELEASE = "release";
/** The variable that a hotfix's reason is given in: `terraform plan -var hotfix=…`. */
const HOTFIX = "hotfix";

const STACK = "cdk.tf.json";

type Json = Readonly<Record<string, unknown>>;

const recordOf = (value: unknown): Json => (t.UnknownRecord.is(value) ? value : {});

const without = (part: unknown, name: string): unknown =>
  t.UnknownRecord.is(part) ? Object.fromEntries(Object.entries(part).filter(([key]) => key !== name)) : part;

const isEmpty = (part: unknown): boolean => t.UnknownRecord.is(part) && Object.keys(part).length === 0;

/** A stack as it is but for what it says of its release. */
export const withoutRelease = (stack: Json): Json =>
  Object.fromEntries(
    Object.entries(stack)
      .map(([kind, part]): readonly [string, unknown] => [
        kind,
        kind === "output" ? without(part, RELEASE) : kind === "variable" ? without(part, HOTFIX) : part,
      ])
      .filter(([kind, part]) => (kind !== "variable" && kind !== "output") || !isEmpty(part)),
  );

/** In one order, and without cdktf's remarks (`//`), which mean nothing to Terraform. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => canonical(one));
  if (!t.UnknownRecord.is(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, canonical(one)]),
  );
};

export const stackDigest = (stack: Json): string =>
  createHash("sha256")
    .update(JSON.stringify(canonical(withoutRelease(stack))))
    .digest("hex");

/**
 * @param bundles the folder with one zip per function: of all of them, whichever an environment uses, so that
 * environments of one release say the same
 */
export const bundlesDigest = (bundles: string): string =>
  readdirSync(bundles)
    .filter((file) => file.endsWith(".zip"))
    .sort()
    .reduce(
      (hash, file) =>
        hash.update(`${file}\0`).update(
          createHash("sha256")
            .update(readFileSync(join(bundles, file)))
            .digest(),
        ),
      createHash("sha256"),
    )
    .digest("hex");

/** What a synthesized stack is a release of. */
export type Origin = Pick<Release, "version" | "commit" | "bundles" | "preview">;

/** Adds to a synthesized stack the output that says which release it is. It changes no resource. */
export const addRelease = (folder: string, { version, commit, bundles, preview }: Origin): void => {
  const file = join(folder, STACK);
  const stack = recordOf(JSON.parse(readFileSync(file, "utf8")));
  const release: Release = {
    version,
    commit,
    stack: stackDigest(stack),
    bundles,
    hotfix: `\${var.${HOTFIX}}`,
    ...(preview === undefined ? {} : { preview }),
  };
  const hotfix = {
    type: "string",
    default: null,
    description: "Who decided that this comes here without having been where it must come from, and why",
  };
  const added = {
    ...stack,
    output: { ...recordOf(stack["output"]), [RELEASE]: { value: release } },
    variable: { ...recordOf(stack["variable"]), [HOTFIX]: hotfix },
  };
  writeFileSync(file, JSON.stringify(added, undefined, 2));
};
