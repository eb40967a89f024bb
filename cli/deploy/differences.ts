/** In which attributes two values differ, as people review it: sensitive ones masked, unknown ones named so. */
import * as t from "io-ts";
import type { Change } from "../terraform/plan-json";

/** One attribute's change; a side is null where there is no value. */
export type Difference = {
  /** As in `environment[0].variables.STAGE`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
};

const SENSITIVE = "(sensitive)";
const UNKNOWN = "(known after apply)";

type Key = string | number;

/** One place in a change: both sides, and what is said of it. */
type Place = {
  readonly path: ReadonlyArray<Key>;
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly sensitive: readonly [before: unknown, after: unknown];
};

export const pathText = (path: ReadonlyArray<Key>): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");

const isNothing = (value: unknown): boolean => value === null || value === undefined;

const isSame = (one: unknown, other: unknown): boolean =>
  (isNothing(one) && isNothing(other)) || JSON.stringify(one) === JSON.stringify(other);

const shown = (value: unknown): string | null => {
  if (isNothing(value)) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** A policy or a definition is JSON in a string: what differs is inside it. */
const parsed = (value: unknown): unknown => {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  t.UnknownRecord.is(value) && !isList(value);

/** A list of plain values is read as a whole; one of objects, item by item. */
const isNested = (value: unknown): boolean =>
  isRecord(value) || (isList(value) && value.some((item) => isRecord(item) || isList(item)));

const at = (value: unknown, key: Key): unknown => {
  if (isList(value)) return typeof key === "number" ? value[key] : undefined;
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

const keysOf = (...values: ReadonlyArray<unknown>): ReadonlyArray<Key> => [
  ...new Set(
    values.flatMap((value): ReadonlyArray<Key> => {
      if (isList(value)) return [...value.keys()];
      return isRecord(value) ? Object.keys(value).sort() : [];
    }),
  ),
];

/** Whether two sides can be compared part by part: of one shape, or one of them absent. */
const isSplit = ({ before, after }: Place): boolean =>
  [before, after].some(isNested) &&
  [before, after].every((side) => isNothing(side) || isRecord(side) || isList(side)) &&
  (isNothing(before) || isNothing(after) || isList(before) === isList(after));

const differencesIn = ({ path, before, after, unknown, sensitive }: Place): ReadonlyArray<Difference> =>
  keysOf(before, after, unknown).flatMap((key) =>
    differencesAt({
      path: [...path, key],
      before: at(before, key),
      after: at(after, key),
      unknown: at(unknown, key),
      sensitive: [at(sensitive[0], key), at(sensitive[1], key)],
    }),
  );

const differencesAt = (place: Place): ReadonlyArray<Difference> => {
  const { path, unknown, sensitive } = place;
  const [before, after] = [place.before, place.after];
  if (sensitive.includes(true)) {
    const side = (value: unknown): string | null => (isNothing(value) ? null : SENSITIVE);
    if (unknown !== true && isSame(before, after)) return [];
    return [
      { path: pathText(path), before: side(before), after: unknown === true ? SENSITIVE : side(after) },
    ];
  }
  if (unknown === true) return [{ path: pathText(path), before: shown(before), after: UNKNOWN }];
  const inside = { ...place, before: parsed(before), after: parsed(after) };
  if (isSplit(inside) || (isNested(unknown) && isNothing(inside.after))) return differencesIn(inside);
  // Compared whole, so that a sensitive part anywhere in it masks the whole.
  const masked = sensitive.some((marks) => /\btrue\b/.test(JSON.stringify(marks ?? null)));
  if (isSame(before, after)) return [];
  return masked
    ? [{ path: pathText(path), before: SENSITIVE, after: SENSITIVE }]
    : [{ path: pathText(path), before: shown(before), after: shown(after) }];
};

export const differences = (change: Change): ReadonlyArray<Difference> =>
  differencesAt({
    path: [],
    before: change.before,
    after: change.after,
    unknown: change.after_unknown,
    sensitive: [change.before_sensitive, change.after_sensitive],
  });
