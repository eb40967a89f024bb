import * as E from "fp-ts/Either";
import * as t from "io-ts";
import jsep from "jsep";
import { messageOf } from "../../start-error";

/** What an expression makes of the values of one period, by the ids of their queries. No data makes no data. */
export type MetricMath = (values: ReadonlyMap<string, number | undefined>) => number | undefined;

type Operator = (left: number, right: number) => number;

const OPERATORS: Readonly<Record<string, Operator>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  ">": (left, right) => Number(left > right),
  ">=": (left, right) => Number(left >= right),
  "<": (left, right) => Number(left < right),
  "<=": (left, right) => Number(left <= right),
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
};

const unknown = (what: string): never => {
  throw new Error(`the local platform does not compute ${what}`);
};

const conditional =
  (condition: MetricMath, then: MetricMath, otherwise: MetricMath): MetricMath =>
  (values) => {
    const met = condition(values);
    if (met === undefined) return undefined;
    return met === 0 ? otherwise(values) : then(values);
  };

/** The parts of jsep's trees that are computed. */
type Node =
  | { readonly type: "Literal"; readonly value: unknown; readonly raw: string }
  | { readonly type: "Identifier"; readonly name: string }
  | { readonly type: "UnaryExpression"; readonly operator: string; readonly argument: Node }
  | {
      readonly type: "BinaryExpression";
      readonly operator: string;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly type: "CallExpression"; readonly callee: Node; readonly arguments: ReadonlyArray<Node> };

const Tree: t.Type<Node> = t.recursion("an expression", () =>
  t.union([
    t.type({ type: t.literal("Literal"), value: t.unknown, raw: t.string }),
    t.type({ type: t.literal("Identifier"), name: t.string }),
    t.type({ type: t.literal("UnaryExpression"), operator: t.string, argument: Tree }),
    t.type({ type: t.literal("BinaryExpression"), operator: t.string, left: Tree, right: Tree }),
    t.type({ type: t.literal("CallExpression"), callee: Tree, arguments: t.readonlyArray(Tree) }),
  ]),
);

/** Operators of several values; no data among them makes no data, and so does a division by zero. */
const combined =
  (parts: ReadonlyArray<MetricMath>, combine: (first: number, second: number) => number): MetricMath =>
  (values) => {
    const numbers = parts.flatMap((part) => part(values) ?? []);
    const [first = Number.NaN, second = Number.NaN] = numbers;
    const made = numbers.length < parts.length ? Number.NaN : combine(first, second);
    return Number.isFinite(made) ? made : undefined;
  };

const compile = (node: Node, ids: ReadonlySet<string>): MetricMath => {
  switch (node.type) {
    case "Literal": {
      const { value, raw } = node;
      return typeof value === "number" ? () => value : unknown(raw);
    }
    case "Identifier":
      return ids.has(node.name)
        ? (values) => values.get(node.name)
        : unknown(`${node.name}: no query has that id`);
    case "UnaryExpression":
      if (node.operator !== "-") return unknown(node.operator);
      return combined([compile(node.argument, ids)], (value) => -value);
    case "BinaryExpression": {
      const operator = OPERATORS[node.operator] ?? unknown(node.operator);
      return combined([compile(node.left, ids), compile(node.right, ids)], (left, right) =>
        operator(left, right),
      );
    }
    case "CallExpression": {
      const name = node.callee.type === "Identifier" ? node.callee.name : "a call";
      const [condition, then, otherwise] = node.arguments.map((one) => compile(one, ids));
      if (name !== "IF" || condition === undefined || then === undefined) return unknown(name);
      return conditional(condition, then, otherwise ?? (() => undefined));
    }
  }
};

/** Reads an expression of CloudWatch's metric math: numbers, arithmetic, comparisons, `IF`, the ids of queries. */
export const metricMath = (text: string, ids: ReadonlySet<string>): E.Either<string, MetricMath> =>
  E.tryCatch(
    () => {
      const tree: unknown = jsep(text);
      return Tree.is(tree) ? compile(tree, ids) : unknown("that");
    },
    (thrown) => `${text}: ${messageOf(thrown)}`,
  );
