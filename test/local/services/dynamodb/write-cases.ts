import { BatchGetItemCommand, BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import { type Case, MOTO } from "./cases";
import { id, N, refusal, S, type TryTable } from "./try-table";

const NEW = "attribute_not_exists(order_id)";
const OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
const status = (value: string) => ({ status: S(value) });

/** Whether a condition holds for an item. */
const holds =
  (condition: string, values: Record<string, ReturnType<typeof S>> | undefined, item = {}) =>
  async (table: TryTable): Promise<unknown> => {
    await table.put({ ...id(1), ...item });
    return refusal(
      table.remove(1, {
        ConditionExpression: condition,
        ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
      }),
    );
  };

const FAILED = "ConditionalCheckFailedException";
const INVALID = "ValidationException";

const conditions: ReadonlyArray<Case> = [
  {
    name: "a conditional put stores once, and leaves what is there untouched",
    ask: async (table) => [
      await refusal(table.put({ ...id(1), ...status("a") }, { ConditionExpression: NEW })),
      await refusal(table.put({ ...id(1), ...status("b") }, { ConditionExpression: NEW })),
      await table.get(1),
    ],
    answer: ["done", FAILED, { ...id(1), ...status("a") }],
  },
  {
    name: "a refused put, update or delete carries the old item where it was asked for",
    ask: async (table) => {
      await table.put({ ...id(1), ...status("a") });
      const change = { UpdateExpression: "SET x = :x", ExpressionAttributeValues: { ":x": N(1) } };
      return [
        await refusal(table.put(id(1), { ConditionExpression: NEW, ...OLD })),
        await refusal(table.update(1, { ...change, ConditionExpression: NEW, ...OLD })),
        await refusal(table.remove(1, { ConditionExpression: NEW, ...OLD })),
      ];
    },
    answer: [1, 2, 3].map(() => [FAILED, { ...id(1), ...status("a") }]),
  },
  {
    name: "a refusal carries no item where none was asked for, or there is none",
    ask: async (table) => {
      await table.put(id(1));
      return [
        await refusal(table.put(id(1), { ConditionExpression: NEW })),
        await refusal(
          table.put(id(1), { ConditionExpression: NEW, ReturnValuesOnConditionCheckFailure: "NONE" }),
        ),
        await refusal(table.remove(2, { ConditionExpression: "attribute_exists(order_id)", ...OLD })),
      ];
    },
    answer: [FAILED, FAILED, FAILED],
  },
  {
    name: "what to return of a failed condition is ALL_OLD or NONE",
    ask: (table) =>
      refusal(
        // @ts-expect-error a value that the SDK's types refuse, too
        table.put(id(1), { ConditionExpression: NEW, ReturnValuesOnConditionCheckFailure: "ALL_NEW" }),
      ),
    answer: INVALID,
    differs: MOTO,
  },
  { name: "an absent attribute equals nothing", ask: holds("a = :a", { ":a": S("a") }), answer: FAILED },
  {
    name: "an absent attribute differs from any value",
    ask: holds("a <> :a", { ":a": S("a") }),
    answer: "done",
  },
  {
    name: "an absent attribute is not less than a value",
    ask: holds("a < :a", { ":a": S("a") }),
    answer: FAILED,
  },
  {
    name: "an absent attribute is in no list",
    ask: holds("a IN (:a, :b)", { ":a": S("a"), ":b": S("b") }),
    answer: FAILED,
  },
  {
    name: "NOT turns what an absent attribute is",
    ask: holds("NOT a = :a", { ":a": S("a") }),
    answer: "done",
  },
  {
    name: "an attribute that is null exists",
    ask: holds("attribute_exists(a)", undefined, { a: { NULL: true } }),
    answer: "done",
  },
  {
    name: "attribute_type looks at the type",
    ask: holds(
      "attribute_type(a, :n) AND NOT attribute_type(a, :s)",
      { ":n": S("N"), ":s": S("S") },
      { a: N(1) },
    ),
    answer: "done",
  },
  { name: "numbers compare as numbers", ask: holds("a > :a", { ":a": N(9) }, { a: N(10) }), answer: "done" },
  {
    name: "equal numbers are equal however written",
    ask: holds("a = :a", { ":a": N("1.0e1") }, { a: N(10) }),
    answer: "done",
  },
  {
    name: "texts compare by their bytes",
    ask: holds("a < :a", { ":a": S("ä") }, { a: S("z") }),
    answer: "done",
  },
  {
    name: "a number is no text",
    differs: MOTO,
    ask: holds("a < :a", { ":a": S("9") }, { a: N(1) }),
    answer: FAILED,
  },
  {
    name: "BETWEEN includes its ends",
    ask: holds("a BETWEEN :a AND :a", { ":a": N(1) }, { a: N(1) }),
    answer: "done",
  },
  {
    name: "AND binds closer than OR",
    ask: holds(
      "a = :one OR a = :two AND a = :three",
      { ":one": N(1), ":two": N(2), ":three": N(3) },
      { a: N(1) },
    ),
    answer: "done",
  },
];

const updates: ReadonlyArray<Case> = [
  {
    name: "an update makes the item that is not there, unless a condition says otherwise",
    ask: async (table) => {
      const set = { UpdateExpression: "SET x = :x", ExpressionAttributeValues: { ":x": N(1) } };
      return [
        await refusal(table.update(1, { ...set, ConditionExpression: "attribute_exists(order_id)" })),
        await table.get(1),
        await refusal(table.update(1, set)),
        await table.get(1),
      ];
    },
    answer: [FAILED, undefined, "done", { ...id(1), x: N(1) }],
  },
  {
    name: "if_not_exists sets once",
    ask: async (table) => {
      const first = (value: string) =>
        table.update(1, {
          UpdateExpression: "SET x = if_not_exists(x, :x)",
          ExpressionAttributeValues: { ":x": S(value) },
        });
      await first("first");
      await first("second");
      return table.get(1);
    },
    answer: { ...id(1), x: S("first") },
  },
  {
    name: "ADD counts from zero",
    ask: async (table) => {
      const count = { UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": N(1) } };
      await table.update(1, count);
      const { Attributes } = await table.update(1, { ...count, ReturnValues: "UPDATED_NEW" });
      return Attributes;
    },
    answer: { n: N(2) },
  },
  {
    name: "SET reads the item as it was, REMOVE of what is not there does nothing",
    ask: async (table) => {
      await table.put({ ...id(1), a: S("a"), b: S("b") });
      await table.update(1, { UpdateExpression: "SET a = b, b = a REMOVE c" });
      return table.get(1);
    },
    answer: { ...id(1), a: S("b"), b: S("a") },
  },
  {
    name: "ReturnValues tells the item or what changed, before or after",
    ask: async (table) => {
      await table.put({ ...id(1), a: N(0), b: N(0) });
      const seen = [];
      for (const ReturnValues of ["ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW", "NONE"] as const) {
        const { Attributes } = await table.update(1, {
          UpdateExpression: "SET a = a + :one",
          ExpressionAttributeValues: { ":one": N(1) },
          ReturnValues,
        });
        seen.push(Attributes);
      }
      return seen;
    },
    answer: [
      { ...id(1), a: N(0), b: N(0) },
      { a: N(1) },
      { ...id(1), a: N(3), b: N(0) },
      { a: N(4) },
      undefined,
    ],
  },
  {
    name: "a key is never updated, and no attribute twice",
    ask: async (table) => {
      const set = (UpdateExpression: string) =>
        refusal(table.update(1, { UpdateExpression, ExpressionAttributeValues: { ":x": N(1) } }));
      return [
        await set("SET order_id = :x"),
        await set("SET a = :x, a = :x"),
        await set("SET a = :x REMOVE a"),
      ];
    },
    answer: [INVALID, INVALID, INVALID],
  },
  {
    name: "an index's key keeps its type, by put and by update",
    differs: MOTO,
    ask: async (table) => [
      await refusal(table.put({ ...id(1), slot: N(1) })),
      await refusal(
        table.update(1, { UpdateExpression: "SET slot = :n", ExpressionAttributeValues: { ":n": N(1) } }),
      ),
    ],
    answer: [INVALID, INVALID],
  },
];

const expressions: ReadonlyArray<Case> = [
  {
    name: "reserved words have to be named",
    ask: async (table) => {
      const values = { ExpressionAttributeValues: { ":x": N(1) } };
      return [
        await refusal(table.update(1, { UpdateExpression: "SET status = :x", ...values })),
        await refusal(table.remove(1, { ConditionExpression: "status = :x", ...values })),
        await refusal(table.query({ ProjectionExpression: "order_id, status" })),
        await refusal(table.query({ FilterExpression: "status = :x", ...values })),
      ];
    },
    answer: [INVALID, INVALID, INVALID, INVALID],
  },
  {
    name: "names and values that are not used, or not given, are refused",
    differs: MOTO,
    ask: async (table) => {
      const set = (more: object) => refusal(table.update(1, { UpdateExpression: "SET #a = :a", ...more }));
      const names = { "#a": "a" };
      const values = { ":a": N(1) };
      return [
        await set({ ExpressionAttributeNames: { ...names, "#b": "b" }, ExpressionAttributeValues: values }),
        await set({ ExpressionAttributeNames: names, ExpressionAttributeValues: { ...values, ":b": N(1) } }),
        await set({ ExpressionAttributeValues: values }),
        await set({ ExpressionAttributeNames: names }),
        await set({ ExpressionAttributeNames: names, ExpressionAttributeValues: {} }),
        await refusal(table.put(id(1), { ExpressionAttributeNames: names })),
      ];
    },
    answer: [INVALID, INVALID, INVALID, INVALID, INVALID, INVALID],
  },
];

const batchGet = (table: TryTable, ids: ReadonlyArray<number>) =>
  table.client.send(
    new BatchGetItemCommand({ RequestItems: { [table.name]: { Keys: ids.map(id), ConsistentRead: true } } }),
  );
const batchWrite = (table: TryTable, ids: ReadonlyArray<number>) =>
  table.client.send(
    new BatchWriteItemCommand({
      RequestItems: { [table.name]: ids.map((one) => ({ PutRequest: { Item: id(one) } })) },
    }),
  );
const upTo = (count: number) => Array.from({ length: count }, (_, place) => place + 1);

const batches: ReadonlyArray<Case> = [
  {
    name: "a batch reads up to 100 items, leaves out what is not there, and refuses a key twice",
    ask: async (table) => {
      await table.putAll(upTo(50).map(id));
      const { Responses, UnprocessedKeys } = await batchGet(table, upTo(100));
      return [
        Responses?.[table.name]?.length,
        UnprocessedKeys,
        await refusal(batchGet(table, upTo(101))),
        await refusal(batchGet(table, [1, 1])),
      ];
    },
    answer: [50, {}, INVALID, INVALID],
  },
  {
    name: "a batch writes up to 25 items, and refuses an item twice",
    differs: MOTO,
    ask: async (table) => {
      const { UnprocessedItems } = await batchWrite(table, upTo(25));
      return [
        UnprocessedItems,
        await refusal(batchWrite(table, upTo(26))),
        await refusal(batchWrite(table, [1, 1])),
      ];
    },
    answer: [{}, INVALID, INVALID],
  },
  {
    name: "what a batch has no room for stays unprocessed, and is read when asked for again",
    ask: async (table) => {
      const large = S("x".repeat(390_000));
      for (const one of upTo(50)) await table.put({ ...id(one), large });
      let wanted = upTo(50);
      let left = 0;
      const found = new Set<string | undefined>();
      for (let round = 0; wanted.length > 0 && round < 50; round += 1) {
        const { Responses, UnprocessedKeys } = await batchGet(table, wanted);
        for (const { order_id } of Responses?.[table.name] ?? []) found.add(order_id?.N);
        wanted = (UnprocessedKeys?.[table.name]?.Keys ?? []).map(({ order_id }) => Number(order_id?.N));
        left += wanted.length;
      }
      return [found.size, left > 0];
    },
    answer: [50, true],
  },
];

export const writeCases: ReadonlyArray<Case> = [...conditions, ...updates, ...expressions, ...batches];
