import * as t from "io-ts";
import { described, descriptionOf, ExactlyType, noSuchProperty, ofWords, wordsOf } from "./exactly";
import { type Found, Unreadable } from "./json";
import { cut, listed, oneLine } from "./text";

/** One thing wrong with an input: where, what was expected, and the kind of thing that came — never its value. */
export const Fault = t.readonly(t.strict({ path: t.string, expected: t.string, actual: t.string }), "Fault");
export type Fault = t.TypeOf<typeof Fault>;

export const FAULTS_REPORTED = 100;

const numberKind = (value: number): string => {
  if (!Number.isFinite(value)) return "a number too large to hold";
  if (!Number.isInteger(value)) return "a fraction";
  return Number.isSafeInteger(value) ? "an integer" : "an integer beyond ±(2^53 − 1)";
};

export const kindOf = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value instanceof Unreadable) return value.what;
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "number") return numberKind(value);
  if (typeof value === "string") return `a string of ${Array.from(value).length} characters`;
  return typeof value === "boolean" ? "a boolean" : "an object";
};

const segment = (key: string): string => {
  if (/^\d+$/.test(key)) return `[${key}]`;
  return /^[\w-]{1,64}$/.test(key) ? `.${key}` : `[${JSON.stringify(cut(oneLine(key), 64))}]`;
};

const pathText = (keys: ReadonlyArray<string>): string => keys.map(segment).join("").replace(/^\./, "");

/** The fault of what a document says twice, or in a number that would be rounded. */
export const unreadableFault = ({ path, kind, unreadable }: Found, root = "(body)"): Fault => ({
  path: path.length === 0 ? root : pathText(path.map(String)),
  expected: kind === "repeated" ? "each property once" : "a number that is kept as it is written",
  actual: unreadable.what,
});

/** `t.exact` stands in the context for the codec it wraps. */
const unwrapped = (codec: object): object =>
  "_tag" in codec && codec._tag === "ExactType" && "type" in codec && codec.type instanceof Object
    ? unwrapped(codec.type)
    : codec;

const isMemberOf = (entry: t.ContextEntry | undefined, tag: string): boolean => {
  if (entry === undefined) return false;
  const codec = unwrapped(entry.type);
  return "_tag" in codec && codec._tag === tag;
};

const hasTag = (codec: object, tag: string): boolean => "_tag" in codec && codec._tag === tag;

/** io-ts lists a key for the member of an intersection or union it was in; a person sees none there. */
const pathOf = (context: t.Context): string =>
  pathText(
    context
      .filter(
        ({ key }, index) =>
          key !== "" &&
          !isMemberOf(context[index - 1], "IntersectionType") &&
          !isMemberOf(context[index - 1], "UnionType"),
      )
      .map(({ key }) => key),
  );

const unionIn = ({ context }: t.ValidationError): number =>
  context.findIndex((entry) => isMemberOf(entry, "UnionType"));

/** Whether an error is of the property that tells the members of a union apart, as `type` does. */
const isOfTag = ({ context }: t.ValidationError, union: number): boolean => {
  const entry = context[union + 2];
  return entry !== undefined && context.length === union + 3 && hasTag(entry.type, "LiteralType");
};

/**
 * The errors of a union's members, as a person means them: those of the one member whose tag is right; or, where
 * no tag is, that of the tag; or else the whole union's.
 */
const ofUnion = (
  errors: ReadonlyArray<t.ValidationError>,
  union: number,
): ReadonlyArray<t.ValidationError> => {
  const members = Map.groupBy(errors, ({ context }) => context[union + 1]?.key);
  const meant = [...members.values()].filter((own) => !own.some((error) => isOfTag(error, union)));
  const [only] = meant;
  if (only !== undefined && meant.length === 1 && members.size > 1) return only;
  const tags = errors.filter((error) => isOfTag(error, union));
  const [tag] = tags;
  const key = tag?.context[union + 2]?.key;
  if (tag === undefined || meant.length > 0 || tags.some(({ context }) => context[union + 2]?.key !== key))
    return errors.slice(0, 1).map((error) => ({ ...error, context: error.context.slice(0, union + 1) }));
  const literals = tags.map(({ context }) => context[union + 2]?.type.name ?? "");
  const type = ofWords(
    described(new t.UnknownType(), listed(literals)),
    literals.map((literal) => literal.replace(/^"|"$/g, "")),
  );
  const entry = tag.context[union + 2];
  return [
    {
      ...tag,
      context: [...tag.context.slice(0, union + 2), { key: key ?? "", type, actual: entry?.actual }],
    },
  ];
};

const resolved = (errors: t.Errors): ReadonlyArray<t.ValidationError> => {
  const unions = Map.groupBy(errors, (error) => {
    const at = unionIn(error);
    return at === -1 ? undefined : pathOf(error.context.slice(0, at + 1));
  });
  const done = new Set<string>();
  return errors.flatMap((error) => {
    const union = unionIn(error);
    if (union === -1) return [error];
    const path = pathOf(error.context.slice(0, union + 1));
    if (done.has(path)) return [];
    done.add(path);
    return ofUnion(unions.get(path) ?? [], union);
  });
};

/** How values and words are shown: never by default, since what comes from outside may be secret. */
export type Reporter = {
  readonly actual: (value: unknown) => string;
  readonly nearest: (word: string, words: ReadonlyArray<string>) => string | undefined;
};
const closed: Reporter = { actual: kindOf, nearest: () => undefined };

const keysOf = (codec: object | undefined): ReadonlyArray<string> => {
  if (!(codec instanceof ExactlyType)) return [];
  return codec.keys;
};

const fault = ({ context }: t.ValidationError, root: string, reporter: Reporter): Fault => {
  const path = pathOf(context);
  const last = context.at(-1);
  const expected = last === undefined ? "something else" : descriptionOf(last.type);
  const isUnknown = last?.type === noSuchProperty;
  const meant = isUnknown
    ? reporter.nearest(last.key, keysOf(context.at(-2)?.type))
    : typeof last?.actual === "string"
      ? reporter.nearest(last.actual, wordsOf(last.type))
      : undefined;
  return {
    path: path === "" ? root : path,
    expected: meant === undefined ? expected : `${expected} (did you mean ${meant}?)`,
    actual: reporter.actual(last?.actual),
  };
};

/**
 * The faults of a failed decoding in a stable order, each path once.
 *
 * @param root the path of a fault of the whole input
 */
export const faults = (
  errors: t.Errors,
  root = "(body)",
  reporter: Reporter = closed,
): ReadonlyArray<Fault> => {
  const byPath = new Map<string, Fault>();
  for (const error of resolved(errors)) {
    const found = fault(error, root, reporter);
    if (!byPath.has(found.path)) byPath.set(found.path, found);
    if (byPath.size === FAULTS_REPORTED) break;
  }
  return [...byPath.values()];
};

export const faultLine = ({ path, expected, actual }: Fault): string =>
  `${path}: expected ${expected}, got ${actual}`;

export const faultLines = (errors: t.Errors): string => faults(errors).slice(0, 5).map(faultLine).join("; ");
