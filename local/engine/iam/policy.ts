/**
 * Policies as a stack declares them, compiled once at start. Everything in a document is either understood or
 * a fault that names policy, statement and element: nothing is passed over, nothing becomes an allow.
 */
import * as E from "fp-ts/Either";
import { faults as faultsOf } from "../../../lib/faults";
import type { FurtherKeys } from "./conditions";
import { Document, type PolicyKind } from "./document";
import { type CompiledStatement, compileStatement } from "./statement";

export type PolicyFault = {
  readonly policy: string;
  /** The Sid, or `#<index>`; absent for a fault of the document itself. */
  readonly statement?: string;
  /** `Condition.StringEquals.aws:userid`, `Resource[1]` */
  readonly element: string;
  readonly problem: string;
};

export type Policy = {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly statements: ReadonlyArray<CompiledStatement>;
};

export const policyFaultLine = ({ policy, statement, element, problem }: PolicyFault): string =>
  [
    `policy ${policy}`,
    ...(statement === undefined ? [] : [`statement ${statement}`]),
    ...(element === "" ? [] : [element]),
    problem,
  ].join(": ");

const parsed = (document: unknown): unknown => {
  if (typeof document !== "string") return document;
  return E.toUnion(
    E.tryCatch(
      (): unknown => JSON.parse(document),
      () => document,
    ),
  );
};

const repeatedSids = (statements: ReadonlyArray<CompiledStatement>): ReadonlyArray<string> => {
  const ids = statements.map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
};

/**
 * Compiles a policy document.
 * @param name how faults, decisions and the record of use name the policy (`submit-orders/table`)
 * @param document the document, or its JSON text as Terraform holds it
 * @param further the condition keys that the caller's requests have and those of the local platform have not
 * @returns every fault at once, or the policy
 */
export const compile = (
  name: string,
  kind: PolicyKind,
  document: unknown,
  further: FurtherKeys = { single: [], many: [] },
): E.Either<ReadonlyArray<PolicyFault>, Policy> => {
  const decoded = Document.decode(parsed(document));
  if (E.isLeft(decoded)) {
    const faults = faultsOf(decoded.left, "");
    return E.left(
      faults.map(({ path, expected }) => ({ policy: name, element: path, problem: `expected ${expected}` })),
    );
  }
  const faults: PolicyFault[] = [];
  const statements: CompiledStatement[] = [];
  for (const [index, statement] of decoded.right.Statement.entries()) {
    const compiled = compileStatement(kind, index, statement, further);
    if (E.isRight(compiled)) statements.push(compiled.right);
    else faults.push(...compiled.left.map((fault) => ({ policy: name, ...fault })));
  }
  for (const id of repeatedSids(statements))
    faults.push({ policy: name, statement: id, element: "Sid", problem: "used twice" });
  return faults.length === 0 ? E.right({ name, kind, statements }) : E.left(faults);
};
