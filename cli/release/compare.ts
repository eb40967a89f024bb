/**
 * Whether two environments run the same release: a stack is a function of the code and of its environment's
 * values. Each value in which the two differ is put from the one into the other and what it changes is looked
 * at; with all of them but the name put over, the two stacks must be equal up to the name they begin names with.
 * What is left is code that asks which environment it is in.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { App } from "cdktf";
import * as E from "fp-ts/Either";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { OrdersStack } from "../../stacks/orders-stack";
import { addressesOf, readSynthesized, restOf, type StackJson } from "./synthesized";

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

/** These are one choice each: what their parts mean depends on their `type`. */
const CHOICES = ["backend", "auction", "api.auth"];

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
  if (Array.isArray(value)) return value.flatMap((one, index) => leavesOf(one, `${path}[${index}]`));
  if (t.UnknownRecord.is(value))
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

const differing = (
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
  isSame: (one: string | undefined, other: string | undefined) => boolean = (one, other) => one === other,
): ReadonlyArray<string> =>
  [...new Set([...a.keys(), ...b.keys()])].filter((path) => !isSame(a.get(path), b.get(path))).sort();

/** A difference in the name alone: `prod-orders` for `staging-orders`. */
const isRenamed =
  (from: string, to: string) =>
  (one: string | undefined, other: string | undefined): boolean =>
    one === other ||
    (one !== undefined &&
      other !== undefined &&
      one.replaceAll(new RegExp(`\\b${from}\\b`, "g"), to) === other);

const shown = (value: string | undefined): string => value ?? "nothing";

/** @param synth what the code makes of an environment */
export const compareStacks = (a: Environment, b: Environment, synth: Synth): Comparison => {
  const [valuesOfA, valuesOfB] = [new Map(valuesOf(a)), new Map(valuesOf(b))];
  const paths = [...new Set([...valuesOfA.keys(), ...valuesOfB.keys()])]
    .filter((path) => path !== "name")
    .filter((path) => JSON.stringify(valuesOfA.get(path)) !== JSON.stringify(valuesOfB.get(path)))
    .sort();
  const leavesOfA = leaves(synth(a));
  const explained = paths.map((path): Explained => {
    const changed = leaves(synth(put(a, new Map([[path, valuesOfB.get(path)]]))));
    return {
      path,
      from: valuesOfA.get(path),
      to: valuesOfB.get(path),
      where: differing(leavesOfA, changed),
    };
  });
  const leavesOfB = leaves(synth(b));
  const almostB = leaves(synth(put(a, new Map(paths.map((path) => [path, valuesOfB.get(path)] as const)))));
  return {
    explained,
    unexplained: differing(almostB, leavesOfB, isRenamed(a.name, b.name)).map(
      (path) =>
        `${path}: ${shown(almostB.get(path))} with the name ${a.name}, ${shown(leavesOfB.get(path))} with ${b.name}`,
    ),
  };
};

/** What this checkout's code makes of an environment. */
export const synthHere: Synth = (environment) => {
  const outdir = mkdtempSync(join(tmpdir(), "orders-compare-"));
  try {
    const app = new App({ outdir });
    new OrdersStack(app, environment, resolve("dist/functions"));
    app.synth();
    const read = readSynthesized(join(outdir, "stacks", environment.name));
    if (isLeft(read)) throw new Error("the stack was not written");
    return read.right.json;
  } finally {
    rmSync(outdir, { recursive: true });
  }
};
