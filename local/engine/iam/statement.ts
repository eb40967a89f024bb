/** One statement of a policy, compiled. */
import * as E from "fp-ts/Either";
import { faults as faultsOf } from "../../../lib/faults";
import { compileConditions, type Condition, type FurtherKeys } from "./conditions";
import { type PolicyKind, Statement } from "./document";
import { matches, matchesAction } from "./pattern";
import { compileNotPrincipals, compilePrincipals, type NamesPrincipal } from "./principals";

export type CompiledStatement = {
  /** The Sid, or `#<index>`. */
  readonly id: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Listing;
  readonly resources: Listing;
  /** Absent for an identity policy: it is about the one it is attached to. */
  readonly names?: NamesPrincipal;
  readonly conditions: ReadonlyArray<Condition>;
};

type StatementFault = { readonly statement: string; readonly element: string; readonly problem: string };
type Problem = { readonly element: string; readonly problem: string };

type Fits = (pattern: string, value: string) => boolean;

/** What a statement lists. */
const listed = (patterns: ReadonlyArray<string>, fits: Fits) => ({
  /** Each thing it grants or denies, in words: the pattern itself, or `all but …`. */
  words: patterns,
  covers: (value: string) => patterns.some((pattern) => fits(pattern, value)),
  /** Those of the words that cover the value. */
  covering: (value: string) => patterns.filter((pattern) => fits(pattern, value)),
});
type Listing = ReturnType<typeof listed>;

const allBut = (patterns: ReadonlyArray<string>, fits: Fits): Listing => {
  const words = [`all but ${patterns.join(", ")}`];
  const covers = (value: string) => !patterns.some((pattern) => fits(pattern, value));
  return { words, covers, covering: (value) => (covers(value) ? words : []) };
};

/** Which elements each kind of policy must and must not have. */
const wants = (kind: PolicyKind) => ({ principal: kind !== "identity", resource: kind !== "trust" });

/** Exactly one of an element and its inverse, or neither where the kind has no place for it. */
const choice = (statement: Statement, element: "Action" | "Resource" | "Principal", wanted: boolean) => {
  const given = [element, `Not${element}` as const].filter((name) => statement[name] !== undefined);
  if (wanted && given.length !== 1)
    return [{ element, problem: `expected either ${element} or Not${element}` }];
  if (!wanted && given.length > 0) return [{ element: given[0] ?? element, problem: "has no place here" }];
  return [];
};

const variables = (statement: Statement): ReadonlyArray<Problem> =>
  (["Resource", "NotResource"] as const)
    .filter((element) => statement[element]?.some((value) => value.includes("${")) === true)
    .map((element) => ({ element, problem: "policy variables are not understood" }));

/** IAM itself takes only such Sids in identity policies; services take more in theirs. */
const sid = (kind: PolicyKind, { Sid }: Statement): ReadonlyArray<Problem> =>
  kind === "identity" && Sid !== undefined && !/^[A-Za-z0-9]*$/.test(Sid)
    ? [{ element: "Sid", problem: "expected letters and digits" }]
    : [];

const allowsAllBut = ({ Effect, NotPrincipal }: Statement): ReadonlyArray<Problem> =>
  Effect === "Allow" && NotPrincipal !== undefined
    ? [
        {
          element: "NotPrincipal",
          problem: "an Allow for all but some lets strangers in: name the principals",
        },
      ]
    : [];

const principalsOf = ({
  Principal,
  NotPrincipal,
}: Statement): E.Either<ReadonlyArray<Problem>, NamesPrincipal | undefined> => {
  const compiled =
    Principal !== undefined
      ? compilePrincipals(Principal)
      : NotPrincipal !== undefined
        ? compileNotPrincipals(NotPrincipal)
        : E.right(undefined);
  const element = Principal === undefined ? "NotPrincipal" : "Principal";
  return E.isLeft(compiled) ? E.left([{ element, problem: compiled.left }]) : compiled;
};

const nameOf = (index: number, Sid: unknown): string =>
  typeof Sid === "string" && Sid !== "" ? Sid : `#${index}`;

const leftOf = (either: E.Either<ReadonlyArray<Problem>, unknown>): ReadonlyArray<Problem> =>
  E.isLeft(either) ? either.left : [];

export const compileStatement = (
  kind: PolicyKind,
  index: number,
  document: Readonly<Record<string, unknown>>,
  further: FurtherKeys,
): E.Either<ReadonlyArray<StatementFault>, CompiledStatement> => {
  const id = nameOf(index, document["Sid"]);
  const failed = (problems: ReadonlyArray<Problem>) =>
    E.left(problems.map((problem) => ({ statement: id, ...problem })));

  const decoded = Statement.decode(document);
  if (E.isLeft(decoded))
    return failed(
      faultsOf(decoded.left, "").map(({ path, expected }) => ({
        element: path,
        problem: `expected ${expected}`,
      })),
    );
  const statement = decoded.right;
  const wanted = wants(kind);
  const conditions = compileConditions(statement.Condition ?? {}, further);
  const names = principalsOf(statement);
  const problems = [
    ...sid(kind, statement),
    ...choice(statement, "Action", true),
    ...choice(statement, "Resource", wanted.resource),
    ...choice(statement, "Principal", wanted.principal),
    ...variables(statement),
    ...allowsAllBut(statement),
    ...leftOf(names),
    ...leftOf(conditions),
  ];
  if (problems.length > 0 || E.isLeft(names) || E.isLeft(conditions)) return failed(problems);

  const { Action, NotAction, Resource, NotResource } = statement;
  return E.right({
    id,
    effect: statement.Effect,
    actions: Action === undefined ? allBut(NotAction ?? [], matchesAction) : listed(Action, matchesAction),
    // A trust policy is about its own role: it lists no resource and covers whatever is asked of that role.
    resources: NotResource === undefined ? listed(Resource ?? ["*"], matches) : allBut(NotResource, matches),
    ...(names.right === undefined ? {} : { names: names.right }),
    conditions: conditions.right,
  });
};
