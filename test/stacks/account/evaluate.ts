import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { operators } from "../../../local/engine/iam/operators";
import { matches, matchesAction } from "../../../local/engine/iam/pattern";

/**
 * What an account's policies allow, by the local platform's own operators and patterns. Its evaluator itself
 * knows nobody who shows a token, because nobody does so locally.
 */

const Many = t.union([t.string, t.array(t.string)]);
const Condition = t.record(t.string, t.record(t.string, Many));
const Statement = t.intersection([
  t.type({ Effect: t.literal("Allow"), Action: Many }),
  t.partial({ Resource: Many, Condition, Principal: t.type({ Federated: t.string }) }),
]);
type Statement = t.TypeOf<typeof Statement>;
const Document = t.type({ Version: t.literal("2012-10-17"), Statement: t.array(Statement) });

/** The statements of a policy. @throws where it has what these tests do not read, such as a Deny */
export const statementsIn = (policy: unknown): ReadonlyArray<Statement> => {
  const decoded = Document.decode(JSON.parse(String(policy)));
  if (isLeft(decoded)) throw new Error(`not a policy these tests read: ${String(policy)}`);
  return decoded.right.Statement;
};

export type Context = Readonly<Record<string, string>>;

const list = (value: t.TypeOf<typeof Many> | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : [value].flat();

const holds = (condition: t.TypeOf<typeof Condition>, context: Context): boolean =>
  Object.entries(condition).every(([written, keys]) => {
    const operator = operators.get(written.replace(/IfExists$/, ""));
    if (operator === undefined || operator.negated) throw new Error(`${written} is not read here`);
    return Object.entries(keys).every(([key, wanted]) => {
      const given = context[key];
      if (given === undefined) return written.endsWith("IfExists");
      return list(wanted).some((value) => {
        const fits = operator.prepare(value);
        if (isLeft(fits)) throw new Error(`${key}: expected ${fits.left}`);
        return fits.right(given);
      });
    });
  });

export type Asked = {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
};

export const allows = (
  statements: ReadonlyArray<Statement>,
  { action, resource, context = {} }: Asked,
): boolean =>
  statements.some(
    ({ Action, Resource, Condition: condition = {} }) =>
      list(Action).some((pattern) => matchesAction(pattern, action)) &&
      list(Resource).some((pattern) => matches(pattern, resource)) &&
      holds(condition, context),
  );

/** Who shows a token: which provider of the account vouches for it, and what it claims. */
export type Token = { readonly provider: string; readonly claims: Context };

export const trusts = (statements: ReadonlyArray<Statement>, { provider, claims }: Token): boolean =>
  statements.some(
    ({ Action, Principal, Condition: condition = {} }) =>
      list(Action).includes("sts:AssumeRoleWithWebIdentity") &&
      Principal?.Federated === provider &&
      holds(condition, claims),
  );
