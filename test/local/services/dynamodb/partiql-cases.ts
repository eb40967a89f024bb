import { BatchExecuteStatementCommand, type BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import { type Case, MOTO } from "./cases";
import { id, type Item, N, refusal, S, type TryTable } from "./try-table";

type Values = NonNullable<BatchStatementRequest["Parameters"]>;

/** A statement on the table T, with its parameters. */
const ask = (
  table: TryTable,
  statements: ReadonlyArray<readonly [string, Values, Partial<BatchStatementRequest>?]>,
) =>
  table.client.send(
    new BatchExecuteStatementCommand({
      Statements: statements.map(([text, Parameters, more]) => ({
        Statement: text.replaceAll('"T"', `"${table.name}"`),
        ...(Parameters.length === 0 ? {} : { Parameters }),
        ...more,
      })),
    }),
  );

/** The codes of a batch's errors, each with the item it carries; `done` where there is none. */
const codes = async (call: ReturnType<typeof ask>): Promise<ReadonlyArray<unknown>> =>
  ((await call).Responses ?? []).map(({ Error }) =>
    Error === undefined ? "done" : Error.Item === undefined ? Error.Code : [Error.Code, Error.Item],
  );

const INSERT = `INSERT INTO "T" VALUE {'order_id': ?, 'status': ?}`;
const UPDATE = `UPDATE "T" SET "status" = ? WHERE "order_id" = ? AND "status" = ?`;
const OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

const order = (number: number, status: string, more: Item = {}): Item => ({
  ...id(number),
  status: S(status),
  ...more,
});

/** Whether a condition holds for an item, as the rest of the WHERE of an update. */
const holds =
  (condition: string, values: Values, item: Item = {}): Case["ask"] =>
  async (table) => {
    await table.put({ ...id(1), ...item });
    return codes(
      ask(table, [[`UPDATE "T" SET "x" = ? WHERE "order_id" = ? AND ${condition}`, [N(1), N(1), ...values]]]),
    );
  };

const FAILED = "ConditionalCheckFailed";
const INVALID = "ValidationException";

const writes: ReadonlyArray<Case> = [
  {
    name: "an insert stores a new item, and changes none that is there",
    differs: MOTO,
    ask: async (table) => {
      const first = await codes(ask(table, [[INSERT, [N(1), S("a")]]]));
      const second = await codes(
        ask(table, [
          [INSERT, [N(1), S("b")]],
          [INSERT, [N(2), S("b")]],
        ]),
      );
      return [first, second, await table.get(1), await table.get(2)];
    },
    answer: [["done"], ["DuplicateItem", "done"], order(1, "a"), order(2, "b")],
  },
  {
    name: "an update whose condition holds sets, adds and removes",
    ask: async (table) => {
      await table.put(order(1, "a", { n: N(1), gone: S("x") }));
      const text = `UPDATE "T" SET "status" = ? SET "n" = "n" + ? REMOVE "gone" REMOVE "never" WHERE "order_id" = ? AND "status" IN [?, ?]`;
      return [await codes(ask(table, [[text, [S("b"), N(2), N(1), S("z"), S("a")]]])), await table.get(1)];
    },
    answer: [["done"], order(1, "b", { n: N(3) })],
    differs: MOTO,
  },
  {
    name: "an update of what is not there, or not as expected, fails alone, with the old item where asked for",
    ask: async (table) => {
      await table.putAll([order(1, "a"), order(2, "a")]);
      return [
        await codes(
          ask(table, [
            [UPDATE, [S("b"), N(1), S("a")]],
            [UPDATE, [S("b"), N(2), S("c")], OLD],
            [UPDATE, [S("b"), N(3), S("a")], OLD],
          ]),
        ),
        await table.get(1),
        await table.get(2),
        await table.get(3),
      ];
    },
    answer: [["done", [FAILED, order(2, "a")], FAILED], order(1, "b"), order(2, "a"), undefined],
    differs: MOTO,
  },
  {
    name: "an update without a condition makes no item",
    ask: async (table) => [
      await codes(ask(table, [[`UPDATE "T" SET "status" = ? WHERE "order_id" = ?`, [S("a"), N(1)]]])),
      await table.get(1),
    ],
    answer: [[FAILED], undefined],
    differs: MOTO,
  },
  {
    name: "a failed condition carries no item that was not asked for",
    ask: async (table) => {
      await table.put(order(1, "a"));
      return codes(ask(table, [[UPDATE, [S("b"), N(1), S("c")]]]));
    },
    answer: [FAILED],
    differs: MOTO,
  },
  {
    name: "IS MISSING holds where there is no attribute",
    ask: holds(`"a" IS MISSING AND "b" IS NOT MISSING`, [], { b: { NULL: true } }),
    answer: ["done"],
  },
  {
    name: "OR, AND, NOT and parentheses bind as in expressions",
    ask: holds(`("a" = ? OR "a" = ? AND "b" IS MISSING) AND NOT "b" = ?`, [N(1), N(2), N(9)], {
      a: N(1),
      b: N(1),
    }),
    answer: ["done"],
    differs: MOTO,
  },
  {
    name: "parentheses hold an OR together beside an AND",
    ask: holds(`("a" = ? OR "a" = ?) AND "b" = ?`, [N(1), N(2), N(9)], { a: N(1), b: N(1) }),
    answer: [FAILED],
    differs: MOTO,
  },
  {
    name: "NOT is of all that its parentheses hold",
    ask: holds(`NOT ("a" = ? OR "b" = ?) AND "a" = ?`, [N(1), N(1), N(2)], { a: N(2), b: N(1) }),
    answer: [FAILED],
    differs: MOTO,
  },
  {
    name: "numbers compare as numbers",
    ask: holds(`"a" > ? AND "a" <= ?`, [N(9), N(10)], { a: N(10) }),
    answer: ["done"],
    differs: MOTO,
  },
  {
    name: "<> holds of another value",
    ask: holds(`"a" <> ?`, [N(9)], { a: N(9) }),
    answer: [FAILED],
    differs: MOTO,
  },
  {
    name: "attribute_type looks at the type",
    ask: holds(`attribute_type("a", ?)`, [S("N")], { a: S("1") }),
    answer: [FAILED],
    differs: MOTO,
  },
  {
    name: "a table that is not there fails its statement alone",
    differs: MOTO,
    ask: async (table) =>
      codes(
        ask(table, [
          [INSERT, [N(1), S("a")]],
          [`INSERT INTO "nothing" VALUE {'order_id': ?}`, [N(1)]],
        ]),
      ),
    answer: ["done", "ResourceNotFound"],
  },
  {
    name: "what the table would refuse fails its statement alone",
    ask: async (table) =>
      codes(
        ask(table, [
          [INSERT, [S("one"), S("a")]],
          [`INSERT INTO "T" VALUE {'status': ?}`, [S("a")]],
          [`UPDATE "T" SET "status" = ? WHERE "status" = ?`, [S("b"), S("a")]],
          [`UPDATE "T" SET "order_id" = ? WHERE "order_id" = ?`, [N(5), N(4)]],
          [`UPDATE "T" SET "since" = ? WHERE "order_id" = ?`, [N(5), N(1)]],
          [INSERT, [N(2), S("a")]],
        ]),
      ),
    answer: [1, 2, 3, 4, 5].map(() => "ValidationError").concat("done"),
    differs: MOTO,
  },
];

const read = `SELECT * FROM "T" WHERE "order_id" = ?`;

const batches: ReadonlyArray<Case> = [
  {
    name: "a batch of reads gives the items that are there",
    differs: MOTO,
    ask: async (table) => {
      await table.put(order(1, "a"));
      const { Responses } = await ask(table, [
        [read, [N(1)], { ConsistentRead: true }],
        [read, [N(2)]],
      ]);
      return Responses?.map(({ Item }) => Item);
    },
    answer: [order(1, "a"), undefined],
  },
  {
    name: "reads and writes are not mixed, and an item is not written twice",
    ask: async (table) => [
      await refusal(
        ask(table, [
          [read, [N(1)]],
          [INSERT, [N(2), S("a")]],
        ]),
      ),
      await refusal(
        ask(table, [
          [INSERT, [N(1), S("a")]],
          [UPDATE, [S("b"), N("1.0"), S("a")]],
        ]),
      ),
      await table.get(1),
      await table.get(2),
    ],
    answer: [INVALID, INVALID, undefined, undefined],
    differs: MOTO,
  },
  {
    name: "a batch has 1 to 25 statements",
    ask: async (table) => {
      const inserts = (count: number) =>
        ask(
          table,
          Array.from({ length: count }, (_, number) => [INSERT, [N(number + 1), S("a")]] as const),
        );
      return [await refusal(inserts(0)), await refusal(inserts(26)), (await codes(inserts(25))).length];
    },
    answer: [INVALID, INVALID, 25],
    differs: MOTO,
  },
];

export const partiqlCases: ReadonlyArray<Case> = [...writes, ...batches];

/** What the local table does not understand, and what it says of it. */
export const REFUSED: ReadonlyArray<readonly [statement: string, values: Values, words: string]> = [
  [
    `DELETE FROM "T" WHERE "order_id" = ?`,
    [N(1)],
    "DELETE at character 1, where the local table knows INSERT INTO, UPDATE or SELECT * FROM",
  ],
  [
    `UPDATE "T" SET "a" = ? SET "b" = 'x' WHERE "order_id" = ?`,
    [N(1), N(1)],
    "'x' at character 34, where the local table knows a name",
  ],
  [
    `UPDATE "T" SET "a" = ?, "b" = ? WHERE "order_id" = ?`,
    [N(1), N(1), N(1)],
    ", at character 23, where the local table knows SET, REMOVE or WHERE",
  ],
  [
    `UPDATE "T" SET "a"."b" = ? WHERE "order_id" = ?`,
    [N(1), N(1)],
    ". at character 19, where the local table knows a name without a path",
  ],
  [
    `UPDATE "T" SET "a"[0] = ? WHERE "order_id" = ?`,
    [N(1), N(1)],
    '"0] = ? WHERE \\"order_" at character 20',
  ],
  [
    `UPDATE "T" WHERE "order_id" = ?`,
    [N(1)],
    "WHERE at character 12, where the local table knows SET or REMOVE",
  ],
  [
    `UPDATE "T" SET "a" = ? WHERE "order_id" = ? RETURNING ALL OLD *`,
    [N(1), N(1)],
    "RETURNING at character 45, where the local table knows the end",
  ],
  [
    `UPDATE "T" SET "a" = ? WHERE begins_with("order_id", ?)`,
    [N(1), S("1")],
    "( at character 41, where the local table knows a comparison, IN or IS",
  ],
  [
    `UPDATE "T" SET "a" = ? WHERE "a" IS NULL`,
    [N(1)],
    "NULL at character 37, where the local table knows MISSING",
  ],
  [`UPDATE "T" SET "a" = ? WHERE "a" IN "b"`, [N(1)], '"b" at character 37, where the local table knows ['],
  [`INSERT INTO "T" VALUE {'order_id': 1}`, [], '"1}" at character 36'],
  [
    `INSERT INTO "T" VALUE {"order_id": ?}`,
    [N(1)],
    '"order_id" at character 24, where the local table knows an attribute\'s name in single quotes',
  ],
  [`SELECT "a" FROM "T" WHERE "order_id" = ?`, [N(1)], '"a" at character 8, where the local table knows *'],
  [
    `SELECT * FROM "T"."all" WHERE "order_id" = ?`,
    [N(1)],
    ". at character 18, where the local table knows a name without a path",
  ],
  [`SELECT * FROM "T"`, [], "the end at character 18, where the local table knows WHERE"],
  [
    `INSERT INTO "T" VALUE {'order_id': ?}`,
    [N(1), N(2)],
    "Number of parameters in request and statement don't match: 2 and 1",
  ],
];
