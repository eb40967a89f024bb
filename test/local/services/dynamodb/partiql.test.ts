import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { check } from "./cases";
import { localTables } from "./local-tables";
import { partiqlCases, REFUSED } from "./partiql-cases";

const { client, table } = localTables();

it.each(partiqlCases)("$name", async (one) => check(one, await table(), "local"));

const execute = (Statements: ReadonlyArray<BatchStatementRequest>) =>
  new DynamoDBClient(client()).send(new BatchExecuteStatementCommand({ Statements: [...Statements] }));

const INSERT = { Statement: `INSERT INTO "T" VALUE {'order_id': ?}`, Parameters: [{ N: "1" }] };
const READ = { Statement: `SELECT * FROM "T" WHERE "order_id" = ?`, Parameters: [{ N: "1" }] };

it.each(REFUSED)("%s is refused with what is not understood, and where", async (text, values, words) => {
  const call = execute([
    INSERT,
    { Statement: text, ...(values.length === 0 ? {} : { Parameters: [...values] }) },
  ]);
  await expect(call).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(words) as string,
  });
  await expect(call).rejects.toThrow(/^statement 2: /);
});

it("says what is wrong with a batch, or with one of its statements", async () => {
  await expect(execute([])).rejects.toThrow(/at 'statements' .* length from 1 to 25, and has 0$/);
  await expect(execute([INSERT, READ])).rejects.toThrow("SELECT is among INSERT or UPDATE");
  // @ts-expect-error a value that the SDK's types refuse, too
  await expect(execute([{ ...INSERT, ReturnValuesOnConditionCheckFailure: "ALL_NEW" }])).rejects.toThrow(
    "ReturnValuesOnConditionCheckFailure (ALL_OLD or NONE)",
  );

  const { name } = await table();
  const here = ({ Statement, ...more }: BatchStatementRequest): BatchStatementRequest => ({
    ...more,
    Statement: Statement?.replace('"T"', `"${name}"`),
  });
  await expect(execute([here(INSERT), here(INSERT)])).rejects.toThrow(
    "item keys contains duplicates: statements 1, 2",
  );
  const keyless = `UPDATE "${name}" SET "a" = ? WHERE "a" = ? OR "order_id" = ?`;
  const { Responses } = await execute([
    here(INSERT),
    { Statement: keyless, Parameters: [{ N: "1" }, { N: "1" }, { N: "1" }] },
  ]);
  expect(Responses).toEqual([
    { TableName: name },
    {
      TableName: name,
      Error: {
        Code: "ValidationError",
        Message:
          "Where clause does not contain a mandatory equality on all key attributes: order_id is missing",
      },
    },
  ]);
  expect((await execute([here(INSERT)])).Responses).toEqual([
    {
      TableName: name,
      Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" },
    },
  ]);
});
