/**
 * GitHub's own parser and expressions, in a module of their own: they are ES modules, which the tests bundle
 * before they load them.
 */
import { data, type Expr, Evaluator, Lexer, Parser } from "@actions/expressions";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";

/** What GitHub would say is wrong with a workflow file. */
export const problemsOf = async (name: string, content: string): Promise<ReadonlyArray<string>> => {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
};

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json };

const toData = (value: Json): data.ExpressionData => {
  if (value === null) return new data.Null();
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "string") return new data.StringData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({ key, value: toData(one) })));
};

const plain = (value: data.ExpressionData): string | boolean | number =>
  value instanceof data.BooleanData || value instanceof data.NumberData ? value.value : value.coerceString();

/** What `success()` and its like answer where an expression stands. */
export type Status = { readonly success: boolean; readonly failure: boolean; readonly cancelled: boolean };

const statusFunctions = (status: Status) =>
  [
    { name: "success", answer: status.success },
    { name: "failure", answer: status.failure },
    { name: "cancelled", answer: status.cancelled },
    { name: "always", answer: true },
  ].map(({ name, answer }) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));

const parse = (expression: string, contexts: ReadonlyArray<string>, status: Status): Expr =>
  new Parser(new Lexer(expression).lex().tokens, [...contexts], statusFunctions(status)).parse();

export type Contexts = Readonly<Record<string, Json>>;

/** The value of an expression, without its `${{ }}`. */
export const evaluate = (
  expression: string,
  contexts: Contexts,
  status: Status,
): string | boolean | number => {
  const functions = new Map(statusFunctions(status).map((one) => [one.name, one]));
  const dictionary = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: toData(value) })),
  );
  return plain(
    new Evaluator(parse(expression, Object.keys(contexts), status), dictionary, functions).evaluate(),
  );
};
