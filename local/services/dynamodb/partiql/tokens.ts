import * as E from "fp-ts/Either";

export type Token = {
  readonly kind: "word" | "quoted" | "text" | "symbol" | "end";
  /** A quoted name or a text is without its quotes. */
  readonly value: string;
  /** As it is written. */
  readonly written: string;
  /** Counted from 1, in characters of the statement. */
  readonly at: number;
};

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_]\w*)|"(?<quoted>(?:[^"]|"")+)"|'(?<text>(?:[^']|'')*)'|(?<symbol><>|!=|<=|>=|[?=<>(){}[\],:+*.]))/y;

const kindOf = (groups: Readonly<Record<string, string | undefined>>): Omit<Token, "written" | "at"> => {
  if (groups["word"] !== undefined) return { kind: "word", value: groups["word"] };
  if (groups["quoted"] !== undefined)
    return { kind: "quoted", value: groups["quoted"].replaceAll('""', '"') };
  if (groups["text"] !== undefined) return { kind: "text", value: groups["text"].replaceAll("''", "'") };
  return { kind: "symbol", value: groups["symbol"] ?? "" };
};

/** The words and signs of a statement, an end after them; or what is none, and where. */
export const tokens = (statement: string): E.Either<string, ReadonlyArray<Token>> => {
  const found: Token[] = [];
  let from = 0;
  for (;;) {
    TOKEN.lastIndex = from;
    const match = TOKEN.exec(statement);
    if (match === null) break;
    const written = match[0].trimStart();
    found.push({
      ...kindOf(match.groups ?? {}),
      written,
      at: from + match[0].length - written.length + 1,
    });
    from += match[0].length;
  }
  const rest = statement.slice(from).trimStart();
  const at = statement.length - rest.length + 1;
  return rest === ""
    ? E.right([...found, { kind: "end", value: "", written: "the end", at }])
    : E.left(`${JSON.stringify(rest.slice(0, 20))} at character ${at}`);
};
