/**
 * JSON whose numbers and names are what was written. `JSON.parse` rounds a number that a double cannot hold, and
 * keeps the last of two properties of one name; here each of these becomes a value that no codec takes.
 */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";

/** Takes the place of a value that cannot be read as it was written. */
export class Unreadable {
  constructor(
    /** In the words of a fault: "got …". */
    readonly what: string,
    /** What was written, as far as it is kept. */
    readonly source: string,
  ) {}

  toJSON(): string {
    return this.source;
  }
}

type Path = ReadonlyArray<string | number>;

export type Document = {
  readonly value: unknown;
  /** Its unreadable values, with their paths. */
  readonly found: ReadonlyArray<Found>;
};

export type Found = {
  readonly path: Path;
  readonly kind: "rounded" | "repeated";
  readonly unreadable: Unreadable;
};

/** Documents beyond these limits are refused whole: a hostile one must not cost more than an honest one. */
const MOST_FOUND = 10_000;
const DEEPEST_FOUND = 100;

const REPEATED = new Unreadable("it again", "(a property that was there twice)");
const TOO_MUCH: Found = {
  path: [],
  kind: "repeated",
  unreadable: new Unreadable("more repeated properties and rounded numbers than are listed", "(unreadable)"),
};

/** A decimal number's digits and exponent, the same for every way to write it; of a zero no digits. */
const canonical = (source: string): string => {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  let end = digits.length;
  while (digits.endsWith("0", end)) end -= 1;
  return end === 0
    ? ""
    : `${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
};

/** Whether the double says the number that was written: `1e2`, `1.0` and `-0` are 100, 1 and 0. */
const isKept = (source: string): boolean =>
  /^-?\d{1,15}$/.test(source) || canonical(source) === canonical(String(Number(source)));

const rounded = (source: string): Unreadable => {
  const value = Number(source);
  if (!Number.isFinite(value)) return new Unreadable("a number too large to hold", source);
  return /^-?\d+$/.test(source)
    ? new Unreadable("an integer beyond ±(2^53 − 1)", source)
    : new Unreadable("a number that would be rounded", source);
};

/** An object or a list that the scan is in, and the property or place it is at. */
type Open = { readonly names: Set<string> | undefined; at: string | number; isNameNext: boolean };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;

const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
};

const NUMBER = /[-+.\deE]+/y;

const numberAt = (text: string, start: number): string => {
  NUMBER.lastIndex = start;
  return NUMBER.exec(text)?.[0] ?? "";
};

const nameOf = (literal: string): string =>
  literal.includes("\\") ? String(JSON.parse(literal)) : literal.slice(1, -1);

/**
 * What a JSON text holds that would be rounded or is repeated; undefined where it is too much to list. One pass,
 * and no recursion: a text of nothing but brackets overflows no stack.
 */
const scan = (text: string): ReadonlyArray<Found> | undefined => {
  const found: Found[] = [];
  const open: Open[] = [];
  let inner: Open | undefined;
  const note = (kind: Found["kind"], unreadable: Unreadable): boolean => {
    if (found.length === MOST_FOUND || open.length > DEEPEST_FOUND) return false;
    found.push({ path: open.map(({ at }) => at), kind, unreadable });
    return true;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) {
      const end = endOfString(text, at);
      if (inner?.isNameNext === true) {
        const name = nameOf(text.slice(at, end + 1));
        inner.at = name;
        if (inner.names?.has(name) === true && !note("repeated", REPEATED)) return undefined;
        inner.names?.add(name);
      }
      at = end;
    } else if (character === COLON) {
      if (inner !== undefined) inner.isNameNext = false;
    } else if (character === COMMA) {
      if (typeof inner?.at === "number") inner.at += 1;
      else if (inner !== undefined) inner.isNameNext = true;
    } else if (character === MINUS || (character >= 0x30 && character <= 0x39)) {
      const source = numberAt(text, at);
      if (!isKept(source) && !note("rounded", rounded(source))) return undefined;
      at += source.length - 1;
    } else if (character === 0x7b || character === 0x5b) {
      const isObject = character === 0x7b;
      inner = { names: isObject ? new Set() : undefined, at: isObject ? "" : 0, isNameNext: isObject };
      open.push(inner);
    } else if (character === 0x7d || character === 0x5d) {
      open.pop();
      inner = open.at(-1);
    }
  }
  return found;
};

/** The value with what could not be read in its place. An earlier of two properties is gone, and all within it. */
const marked = (value: unknown, found: ReadonlyArray<Found>): unknown => {
  const root = { value };
  for (const { path, unreadable } of found) {
    const keys = ["value", ...path];
    const last = keys.pop() ?? "value";
    const holder = keys.reduce<unknown>(
      (within, key) =>
        typeof within === "object" && within !== null && Object.hasOwn(within, key)
          ? Reflect.get(within, key)
          : undefined,
      root,
    );
    if (typeof holder === "object" && holder !== null && Object.hasOwn(holder, last))
      Reflect.set(holder, last, unreadable);
  }
  return root.value;
};

/** The text as a document; where it is not JSON, what the parser says about it. */
export const readJson = (text: string): E.Either<string, Document> =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      (thrown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    ),
    E.map((value) => {
      const found = scan(text) ?? [TOO_MUCH];
      return { value: found.length === 0 ? value : marked(value, found), found };
    }),
  );

/**
 * JSON with each number of one property as a text of the same letters. In JSON a name ends in a quote that no
 * backslash stands before, and nothing else stands between quotes and before a colon.
 */
export const withNumbersAsTexts = (json: string, property: string): string =>
  json.replace(
    new RegExp(String.raw`(?<!\\)"${property}"(\s*:\s*)(-?\d[-+.\deE]*)`, "g"),
    `"${property}"$1"$2"`,
  );

/** The value of a text that is JSON, undefined of any other: the codec that reads it next says what it expected. */
export const jsonOrUndefined = (text: string): unknown =>
  pipe(
    readJson(text),
    E.match(
      () => undefined,
      ({ value }) => value,
    ),
  );
