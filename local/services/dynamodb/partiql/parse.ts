import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { remembering } from "../../../remembering";
import type { Assignment, Comparator, Condition, Statement } from "./statement";
import { type Token, tokens } from "./tokens";

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

class NotUnderstood extends Error {}

class Parser {
  private next = 0;
  private parameters = 0;
  constructor(private readonly tokens: ReadonlyArray<Token>) {}

  statement(): Statement {
    const parsed = this.kindOfStatement();
    if (this.token.kind !== "end") this.fail("the end");
    return { ...parsed, parameters: this.parameters };
  }

  private kindOfStatement() {
    if (this.word("INSERT")) return this.insert();
    if (this.word("UPDATE")) return this.update();
    if (this.word("SELECT")) return this.select();
    return this.fail("INSERT INTO, UPDATE or SELECT * FROM");
  }

  private insert() {
    this.expectWord("INTO");
    const table = this.name();
    this.expectWord("VALUE");
    this.expect("{");
    const values = this.list("}", (): Assignment => {
      const attribute = this.take("text")?.value ?? this.fail("an attribute's name in single quotes");
      this.expect(":");
      return { attribute, parameter: this.parameter() };
    });
    return { _tag: "Insert" as const, table, values };
  }

  private update() {
    const table = this.name();
    const set: Assignment[] = [];
    const remove: string[] = [];
    for (;;)
      if (this.word("SET")) set.push(this.assignment());
      else if (this.word("REMOVE")) remove.push(this.name());
      else break;
    if (set.length + remove.length === 0) this.fail("SET or REMOVE");
    if (!this.word("WHERE")) this.fail("SET, REMOVE or WHERE");
    return { _tag: "Update" as const, table, set, remove, where: this.condition() };
  }

  private select() {
    this.expect("*");
    this.expectWord("FROM");
    const table = this.name();
    this.expectWord("WHERE");
    return { _tag: "Select" as const, table, where: this.condition() };
  }

  private assignment(): Assignment {
    const attribute = this.name();
    this.expect("=");
    if (this.token.value === "?") return { attribute, parameter: this.parameter() };
    const addTo = this.name();
    this.expect("+");
    return { attribute, parameter: this.parameter(), addTo };
  }

  private condition(): Condition {
    return this.joined("OR", "Or", () =>
      this.joined("AND", "And", () =>
        this.word("NOT") ? { _tag: "Not", condition: this.single() } : this.single(),
      ),
    );
  }

  private joined(word: string, _tag: "And" | "Or", part: () => Condition): Condition {
    const first = part();
    const conditions = [first];
    while (this.word(word)) conditions.push(part());
    return conditions.length === 1 ? first : { _tag, conditions };
  }

  private single(): Condition {
    if (this.symbol("(")) {
      const inner = this.condition();
      this.expect(")");
      return inner;
    }
    if (this.token.value.toLowerCase() === "attribute_type" && this.peek(1).value === "(")
      return this.attributeType();
    const attribute = this.name();
    if (this.word("IS")) return this.missing(attribute);
    if (this.word("IN")) {
      const close = this.symbol("(") ? ")" : (this.expect("["), "]");
      return { _tag: "In", attribute, parameters: this.list(close, () => this.parameter()) };
    }
    const comparator = COMPARATORS[this.token.value] ?? this.fail("a comparison, IN or IS");
    this.next += 1;
    return { _tag: "Compare", attribute, comparator, parameter: this.parameter() };
  }

  private attributeType(): Condition {
    this.next += 2;
    const attribute = this.name();
    this.expect(",");
    const parameter = this.parameter();
    this.expect(")");
    return { _tag: "HasType", attribute, parameter };
  }

  private missing(attribute: string): Condition {
    const isNegated = this.word("NOT");
    this.expectWord("MISSING");
    const condition: Condition = { _tag: "IsMissing", attribute };
    return isNegated ? { _tag: "Not", condition } : condition;
  }

  private list<A>(close: string, one: () => A): ReadonlyArray<A> {
    const found = [one()];
    while (this.symbol(",")) found.push(one());
    this.expect(close);
    return found;
  }

  private parameter(): number {
    if (!this.symbol("?")) this.fail("a parameter, ?");
    this.parameters += 1;
    return this.parameters - 1;
  }

  /** Of a table or an attribute; a path into an attribute, or to an index, is none. */
  private name(): string {
    const { value } = this.take("quoted") ?? this.take("word") ?? this.fail("a name");
    if (this.token.value === "." || (this.token.value === "[" && this.peek(-1).value !== "IN"))
      this.fail("a name without a path");
    return value;
  }

  private get token(): Token {
    return this.peek(0);
  }

  private peek(ahead: number): Token {
    return this.tokens[this.next + ahead] ?? { kind: "end", value: "", written: "the end", at: 0 };
  }

  private take(kind: Token["kind"]): Token | undefined {
    const { token } = this;
    if (token.kind !== kind) return undefined;
    this.next += 1;
    return token;
  }

  private word(word: string): boolean {
    return this.token.value.toUpperCase() === word && this.take("word") !== undefined;
  }

  private symbol(symbol: string): boolean {
    return this.token.value === symbol && this.take("symbol") !== undefined;
  }

  private expectWord(word: string): void {
    if (!this.word(word)) this.fail(word);
  }

  private expect(symbol: string): void {
    if (!this.symbol(symbol)) this.fail(symbol);
  }

  private fail(expected: string): never {
    const { written, at } = this.token;
    throw new NotUnderstood(`${written} at character ${at}, where the local table knows ${expected}`);
  }
}

const statements = remembering<E.Either<string, Statement>>();

const parsed = (text: string): E.Either<string, Statement> =>
  pipe(
    tokens(text),
    E.flatMap((found) =>
      E.tryCatch(
        () => new Parser(found).statement(),
        (thrown) => {
          if (thrown instanceof NotUnderstood) return thrown.message;
          throw thrown;
        },
      ),
    ),
  );

/** A statement, or what of it is not understood, where, and what would be. */
export const parseStatement = (text: string): E.Either<string, Statement> =>
  statements(text, () => parsed(text));
