/**
 * Whether two environments run the same release: a stack is a function of the code and of its environment's
 * values. The values in which B differs are put into A until A is B, and every step must be of one of two kinds:
 *
 * - Numbers, booleans, lists and choices (`auction`, …) decide something: what they change is explained by
 *   them. They go first, all together.
 * - Texts (the account, the tag, the name last) are passed on: each is replaced alone, and wherever it
 *   changes something, one text must stand where the other stood. Anything else is code that asks which
 *   environment it is in, by its name or by whatever else gives it away.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { synthesized } from "../../stacks/app";
import { OrdersStack } from "../../stacks/orders-stack";
import { addressesOf, restOf, StackJson } from "./synthesized";

export type Synth = (environment: Environment) => StackJson;

export type Explained = {
  /** The environment's value: `retention.logs_days`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  /** What in the stack comes from it, by address and attribute. */
  readonly where: ReadonlyArray<string>;
};

export type Comparison = {
  readonly explained: ReadonlyArray<Explained>;
  /** Differences that no value of the environment files accounts for. */
  readonly unexplained: ReadonlyArray<string>;
};

/** Each of these is one choice: what its parts mean depends on its `type`. */
const CHOICES = ["backend", "auction", "api.auth"];

/** The only choice whose place is known beforehand: it says where state is kept, and nothing else. */
const BACKEND = "backend";
const ofBackend = (path: string): boolean => path.startsWith("terraform.");

type Values = ReadonlyMap<string, unknown>;

const isChoice = (path: string): boolean => CHOICES.includes(path);

const valuesOf = (value: unknown, path = ""): ReadonlyArray<readonly [string, unknown]> =>
  t.UnknownRecord.is(value) && !Array.isArray(value) && !isChoice(path)
    ? Object.entries(value).flatMap(([key, one]) => valuesOf(one, path === "" ? key : `${path}.${key}`))
    : [[path, value]];

const withValue = (
  record: Readonly<Record<string, unknown>>,
  [key = "", ...rest]: ReadonlyArray<string>,
  value: unknown,
): Readonly<Record<string, unknown>> => {
  const inner = record[key];
  const next = rest.length === 0 ? value : withValue(t.UnknownRecord.is(inner) ? inner : {}, rest, value);
  const others = Object.entries(record).filter(([name]) => name !== key);
  return Object.fromEntries(next === undefined ? others : [...others, [key, next]]);
};

/** Checked by its type only: in between, two values may contradict each other. */
const put = (environment: Environment, values: Values): Environment =>
  [...values].reduce<Readonly<Record<string, unknown>>>(
    (record, [path, value]) => withValue(record, path.split("."), value),
    environment,
  ) as Environment;

/** Every value in a stack by address and attribute; JSON in a text is looked into. */
const leavesOf = (value: unknown, path: string): ReadonlyArray<readonly [string, string]> => {
  if (typeof value === "string" && /^[{[]/.test(value)) {
    const parsed = E.tryCatch(
      (): unknown => JSON.parse(value),
      () => undefined,
    );
    if (E.isRight(parsed)) return leavesOf(parsed.right, path);
  }
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((one, index) => leavesOf(one, `${path}[${index}]`));
  if (t.UnknownRecord.is(value) && !Array.isArray(value) && Object.keys(value).length > 0)
    return (
      Object.entries(value)
        // cdktf's own remarks hold the stack's name and mean nothing to Terraform.
        .filter(([key]) => key !== "//")
        .flatMap(([key, one]) => leavesOf(one, path === "" ? key : `${path}.${key}`))
    );
  return [[path, JSON.stringify(value)]];
};

const leaves = (json: StackJson): ReadonlyMap<string, string> => {
  return new Map([
    ...leavesOf(restOf(json), ""),
    ...[...addressesOf(json)].flatMap(([address, attributes]) => [
      [address, "declared"] as const,
      ...leavesOf(attributes, address),
    ]),
  ]);
};

type Leaves = ReturnType<typeof leaves>;
type Leaf = string | undefined;
type Same = (one: Leaf, other: Leaf) => boolean;

const isEqual: Same = (one, other) => one === other;

const differing = (a: Leaves, b: Leaves, isSame: Same = isEqual): ReadonlyArray<string> =>
  [...new Set([...a.keys(), ...b.keys()])].filter((path) => !isSame(a.get(path), b.get(path))).sort();

/** Where two declarations of one stack are not the same, a line each. */
export const strays = (declared: StackJson, other: StackJson): ReadonlyArray<string> => {
  const [one, two] = [leaves(declared), leaves(other)];
  return differing(one, two).map((path) => `${path}: ${shown(one.get(path))}, ${shown(two.get(path))}`);
};

/** A text as it occurs in a value. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A difference in the text alone: `prod-orders` for `staging-orders`. */
const isSubstituted =
  (from: string, to: string): Same =>
  (one, other) =>
    one === other || one?.replaceAll(inJson(from), () => inJson(to)) === other;

/** A name is a short word that may be part of another (`dev` of `devices`): only the whole word is one. */
const isRenamed =
  (from: string, to: string): Same =>
  (one, other) =>
    one === other || one?.replaceAll(new RegExp(`\\b${from}\\b`, "g"), to) === other;

const shown = (value: Leaf): string => value ?? "nothing";

type Difference = { readonly path: string; readonly from: unknown; readonly to: unknown };

const differencesOf = (a: Environment, b: Environment): ReadonlyArray<Difference> => {
  const [valuesOfA, valuesOfB] = [new Map(valuesOf(a)), new Map(valuesOf(b))];
  return [...new Set([...valuesOfA.keys(), ...valuesOfB.keys()])]
    .map((path) => ({ path, from: valuesOfA.get(path), to: valuesOfB.get(path) }))
    .filter(({ path, from, to }) => path !== "name" && JSON.stringify(from) !== JSON.stringify(to))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
};

/** One step from A to B, and what it changes unexpectedly. */
type Step = {
  readonly leaves: Leaves;
  readonly environment: Environment;
  readonly unexplained: ReadonlyArray<string>;
};

const asked = (path: string, before: Leaf, after: Leaf, what: string): string =>
  `${path}: ${shown(before)} becomes ${shown(after)} with ${what}`;

/** @param synth what the code makes of an environment */
export const compareStacks = (a: Environment, b: Environment, synth: Synth): Comparison => {
  const differences = differencesOf(a, b);
  const leavesOfA = leaves(synth(a));
  const explained = differences.map(({ path, from, to }): Explained => {
    const changed = leaves(synth(put(a, new Map([[path, to]]))));
    return { path, from, to, where: differing(leavesOfA, changed) };
  });
  const isText = ({ from, to }: Difference): boolean => typeof from === "string" && typeof to === "string";

  const decided = put(
    a,
    new Map(differences.filter((one) => !isText(one)).map(({ path, to }) => [path, to])),
  );
  const misplaced = explained
    .filter(({ path }) => path === BACKEND)
    .flatMap(({ where }) => where.filter((path) => !ofBackend(path)))
    .map((path) => `${path}: changes with ${BACKEND}, which says where state is kept and nothing else`);

  const passed = differences.reduce<Step>(
    (before, { path, from, to }) => {
      if (typeof from !== "string" || typeof to !== "string") return before;
      const environment = put(before.environment, new Map([[path, to]]));
      const after = leaves(synth(environment));
      const lines = differing(before.leaves, after, isSubstituted(from, to)).map((leaf) =>
        asked(leaf, before.leaves.get(leaf), after.get(leaf), `${path}, where only its text may change`),
      );
      return { leaves: after, environment, unexplained: [...before.unexplained, ...lines] };
    },
    { leaves: leaves(synth(decided)), environment: decided, unexplained: misplaced },
  );

  const leavesOfB = leaves(synth(b));
  return {
    explained,
    unexplained: [
      ...passed.unexplained,
      ...differing(passed.leaves, leavesOfB, isRenamed(a.name, b.name)).map(
        (path) =>
          `${path}: ${shown(passed.leaves.get(path))} with the name ${a.name}, ${shown(leavesOfB.get(path))} with ${b.name}`,
      ),
    ],
  };
};

/** What this checkout's code makes of an environment. */
export const synthHere: Synth = (environment) => {
  const outdir = mkdtempSync(join(tmpdir(), "orders-compare-"));
  try {
    synthesized(outdir, (app) => new OrdersStack(app, environment, resolve("dist/functions")));
    const text = readFileSync(join(outdir, "stacks", environment.name, "cdk.tf.json"), "utf8");
    const json: unknown = JSON.parse(text);
    if (!StackJson.is(json)) throw new Error("the stack was not written");
    return json;
  } finally {
    rmSync(outdir, { recursive: true });
  }
};
