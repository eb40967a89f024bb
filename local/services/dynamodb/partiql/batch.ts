import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as t from "io-ts";
import { parseStatement } from "./parse";
import type { Statement } from "./statement";

export type Value = Readonly<Record<string, unknown>>;

const BatchStatement = t.intersection([
  t.type({ Statement: t.string }),
  t.partial({
    Parameters: t.readonlyArray(t.UnknownRecord),
    ConsistentRead: t.boolean,
    ReturnValuesOnConditionCheckFailure: t.union([t.literal("ALL_OLD"), t.literal("NONE")]),
  }),
]);
const Input = t.type({ Statements: t.readonlyArray(BatchStatement) });

/** A statement of a batch, with the values of its parameters. */
export type Asked = {
  readonly statement: Statement;
  readonly values: ReadonlyArray<Value>;
  readonly consistent: boolean;
  readonly returnsOld: boolean;
};

const LIMIT = 25;

const asked = (index: number, input: t.TypeOf<typeof BatchStatement>): E.Either<string, Asked> => {
  const values = input.Parameters ?? [];
  const refused = (problem: string): string => `statement ${index + 1}: ${problem}`;
  return pipe(
    parseStatement(input.Statement),
    E.mapLeft((problem) => refused(`Statement wasn't well formed, can't be processed: ${problem}`)),
    E.filterOrElse(
      ({ parameters }) => parameters === values.length,
      ({ parameters }) =>
        refused(
          `Number of parameters in request and statement don't match: ${values.length} and ${parameters}`,
        ),
    ),
    E.map((statement) => ({
      statement,
      values,
      consistent: input.ConsistentRead ?? false,
      returnsOld: input.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
    })),
  );
};

const isRead = ({ statement }: Asked): boolean => statement._tag === "Select";

/** The statements of a BatchExecuteStatement: all of them, or what is wrong with the batch. */
export const readBatch = (body: unknown): E.Either<string, ReadonlyArray<Asked>> =>
  pipe(
    Input.decode(body),
    E.mapLeft(
      () =>
        "Statements is no list of a Statement each, with Parameters, ConsistentRead (true or false) and ReturnValuesOnConditionCheckFailure (ALL_OLD or NONE)",
    ),
    E.filterOrElse(
      ({ Statements: { length } }) => length >= 1 && length <= LIMIT,
      ({ Statements: { length } }) =>
        `1 validation error detected: Value at 'statements' failed to satisfy constraint: Member must have length from 1 to ${LIMIT}, and has ${length}`,
    ),
    E.flatMap(({ Statements }) => pipe(Statements, RA.traverseWithIndex(E.Applicative)(asked))),
    E.filterOrElse(
      (batch) => new Set(batch.map(isRead)).size === 1,
      () => "Batch statements are either all reads or all writes: SELECT is among INSERT or UPDATE",
    ),
  );
