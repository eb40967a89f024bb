/**
 * The part of Terraform's expression language that synthesized stacks use: references, literals, lists, objects
 * and function calls, alone (`${aws_sqs_queue.orders.arn}`) or inside a longer string. Operators, conditionals,
 * `for` and `%{…}` directives are errors by name.
 */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: ReadonlyArray<Expression> }
  | { readonly kind: "list"; readonly items: ReadonlyArray<Expression> }
  | { readonly kind: "object"; readonly entries: ReadonlyArray<readonly [Expression, Expression]> }
  | { readonly kind: "call"; readonly name: string; readonly args: ReadonlyArray<Expression> }
  | { readonly kind: "reference"; readonly path: ReadonlyArray<string | number> };

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

class Parser {
  private at = 0;
  constructor(private readonly text: string) {}

  /** A string with `${…}` in it; ends at the text's end, or at a quote when `quoted`. */
  template(quoted: boolean): Expression {
    const parts: Expression[] = [];
    let literal = "";
    const flush = (): void => {
      if (literal !== "") parts.push({ kind: "literal", value: literal });
      literal = "";
    };
    for (;;) {
      if (this.at >= this.text.length) {
        if (quoted) this.fail("a string that does not end");
        break;
      }
      if (quoted && this.take('"')) break;
      if (this.take("$${")) literal += "${";
      else if (this.take("%%{")) literal += "%{";
      else if (this.take("${")) {
        flush();
        parts.push(this.expression());
        this.expect("}");
      } else if (this.text.startsWith("%{", this.at)) this.fail("a %{…} directive");
      else if (quoted && this.take("\\")) literal += this.escape();
      else literal += this.text[this.at++] ?? "";
    }
    flush();
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return parts.length === 0 ? { kind: "literal", value: "" } : { kind: "template", parts };
  }

  private escape(): string {
    const character = this.text[this.at++] ?? "";
    if (character === "u") {
      const code = this.text.slice(this.at, (this.at += 4));
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    return ESCAPES[character] ?? this.fail(`the escape \\${character}`);
  }

  private expression(): Expression {
    this.space();
    const value = this.value();
    this.space();
    return value;
  }

  private value(): Expression {
    if (this.take('"')) return this.template(true);
    if (this.take("[")) return { kind: "list", items: this.sequence("]", () => this.expression()) };
    if (this.take("{")) return { kind: "object", entries: this.sequence("}", () => this.entry()) };
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    const number = this.match(/-?\d+(\.\d+)?/y);
    if (number !== undefined) return { kind: "literal", value: Number(number) };
    const name = this.match(/[A-Za-z_][\w-]*/y) ?? this.fail("something that is no value");
    const keyword = KEYWORDS[name];
    if (keyword !== undefined) return { kind: "literal", value: keyword };
    if (this.take("(")) return { kind: "call", name, args: this.sequence(")", () => this.expression()) };
    return { kind: "reference", path: this.traversal(name) };
  }

  private traversal(first: string): ReadonlyArray<string | number> {
    const path: Array<string | number> = [first];
    for (;;) {
      if (this.take(".")) path.push(this.match(/[\w-]+/y) ?? this.fail("a reference that does not end"));
      else if (this.take("[")) {
        const index = this.expression();
        if (index.kind !== "literal" || (typeof index.value !== "string" && typeof index.value !== "number"))
          return this.fail("an index that is not written out");
        path.push(index.value);
        this.expect("]");
      } else return path.map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
    }
  }

  private entry(): readonly [Expression, Expression] {
    this.space();
    const bare = this.match(/[A-Za-z_][\w-]*(?=\s*[=:])/y);
    const key: Expression = bare === undefined ? this.expression() : { kind: "literal", value: bare };
    this.space();
    if (!this.take("=") && !this.take(":")) this.fail("an object without =");
    return [key, this.expression()];
  }

  private sequence<A>(end: string, item: () => A): ReadonlyArray<A> {
    const items: A[] = [];
    for (;;) {
      this.space();
      if (this.take(end)) return items;
      items.push(item());
      this.space();
      if (!this.take(",")) {
        this.expect(end);
        return items;
      }
    }
  }

  private space(): void {
    this.match(/\s+/y);
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) this.fail(`something else than ${token}`);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private fail(what: string): never {
    throw new SyntaxError(`${what} at character ${this.at + 1} of ${JSON.stringify(this.text)}`);
  }
}

/** Reads a string of a stack. Throws a SyntaxError that names what it does not understand and where. */
export const parseTemplate = (text: string): Expression => new Parser(text).template(false);
