import { DescribeTableCommand, DescribeTimeToLiveCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { type Case, MOTO } from "./cases";
import { id, inFlight, type Item, N, pages, refusal, S } from "./try-table";

const INVALID = "ValidationException";

const equal = [1, 2, 3, 4, 5].map((order) => inFlight(order, "2026"));
const sorted = [3, 1, 2].map((order) => inFlight(order, `t${order}`, { product: S("p"), power: N(order) }));

const indexes: ReadonlyArray<Case> = [
  {
    name: "pages of items with equal sort keys have each item once, either way",
    ask: async (table) => {
      await table.putAll(equal);
      const forth = await pages(table, 2);
      const back = await pages(table, 2, { ScanIndexForward: false });
      const unsorted = await pages(table, 2, { IndexName: "unsorted" });
      return [forth, back, unsorted].map((walk) => walk.flat().sort());
    },
    answer: [1, 2, 3].map(() => ["1", "2", "3", "4", "5"]),
  },
  {
    name: "a page goes on after the keys of the index and of the table, also when that item is gone",
    ask: async (table) => {
      await table.putAll(sorted);
      const { LastEvaluatedKey } = await table.query({ Limit: 2 });
      await table.remove(2);
      const rest = await table.query(
        LastEvaluatedKey === undefined ? {} : { ExclusiveStartKey: LastEvaluatedKey },
      );
      return [LastEvaluatedKey, rest.Items?.map(({ order_id }) => order_id?.N)];
    },
    answer: [inFlight(2, "t2"), ["3"]],
  },
  {
    name: "a page that is full says where to go on, even at the end",
    ask: async (table) => {
      await table.putAll(sorted);
      return pages(table, 3);
    },
    answer: [["1", "2", "3"], []],
    differs: MOTO,
  },
  {
    name: "a start that is not of the index, or outside of what is asked for, is refused",
    ask: async (table) => {
      const from = (ExclusiveStartKey: Item, more = {}) =>
        refusal(table.query({ ExclusiveStartKey, ...more }));
      return [
        await from(id(1)),
        await from({ ...inFlight(1, "t"), x: S("x") }),
        await from({ ...inFlight(1, "t"), slot: S("another") }),
        await from(inFlight(1, "t9"), {
          KeyConditionExpression: "slot = :s AND since < :until",
          ExpressionAttributeValues: { ":until": S("t5") },
        }),
      ];
    },
    answer: [INVALID, INVALID, INVALID, INVALID],
    differs: MOTO,
  },
  {
    name: "an index gives its order, or the reverse",
    ask: async (table) => {
      await table.putAll(sorted);
      return [await pages(table, 9), await pages(table, 9, { ScanIndexForward: false })];
    },
    answer: [[["1", "2", "3"]], [["3", "2", "1"]]],
  },
  {
    name: "a range of sort keys includes the ends of BETWEEN and excludes that of <",
    ask: async (table) => {
      await table.putAll(sorted);
      const until = (condition: string, values: Item) =>
        pages(table, 9, {
          KeyConditionExpression: `slot = :s AND since ${condition}`,
          ExpressionAttributeValues: values,
        });
      return [
        await until("< :b", { ":b": S("t2") }),
        await until("BETWEEN :a AND :b", { ":a": S("t1"), ":b": S("t2") }),
      ];
    },
    answer: [[["1"]], [["1", "2"]]],
  },
  {
    name: "an index holds what it projects",
    ask: async (table) => {
      await table.put(inFlight(1, "t", { product: S("p"), power: N(1) }));
      const held = async (IndexName: string) => (await table.query({ IndexName })).Items;
      return [await held("all"), await held("some"), await held("keys")];
    },
    answer: [
      [inFlight(1, "t", { product: S("p"), power: N(1) })],
      [inFlight(1, "t", { product: S("p") })],
      [inFlight(1, "t")],
    ],
  },
  {
    name: "what a global index does not project is refused, by name or as all attributes",
    ask: async (table) => [
      await refusal(table.query({ IndexName: "keys", Select: "ALL_ATTRIBUTES" })),
      await refusal(table.query({ IndexName: "keys", ProjectionExpression: "order_id, product" })),
    ],
    answer: [INVALID, INVALID],
    differs: MOTO,
  },
  {
    name: "an item without an index's key is not in it, and leaves it with its key",
    ask: async (table) => {
      await table.putAll([id(1), { ...id(2), slot: S("s") }, inFlight(3, "t"), inFlight(4, "t")]);
      await table.update(4, { UpdateExpression: "REMOVE since" });
      return [await pages(table, 9), await pages(table, 9, { IndexName: "unsorted" })].map((all) =>
        all.flat().sort(),
      );
    },
    answer: [["3"], ["2", "3", "4"]],
  },
  {
    name: "Limit counts what was looked at, not what a filter leaves",
    ask: async (table) => {
      await table.putAll(sorted);
      const { Count, ScannedCount, LastEvaluatedKey } = await table.query({
        Limit: 2,
        FilterExpression: "power > :n",
        ExpressionAttributeValues: { ":n": N(2) },
      });
      return [Count, ScannedCount, LastEvaluatedKey?.["order_id"]?.N];
    },
    answer: [0, 2, "2"],
  },
  {
    name: "a filter on the index's keys, a consistent read of it, and a query without its partition are refused",
    ask: async (table) => [
      await refusal(
        table.query({ FilterExpression: "since > :a", ExpressionAttributeValues: { ":a": S("a") } }),
      ),
      await refusal(table.query({ ConsistentRead: true })),
      await refusal(table.query({ KeyConditionExpression: "since = :s" })),
      await refusal(table.query({ KeyConditionExpression: "slot > :s" })),
      await refusal(table.query({ IndexName: "nothing" })),
      await refusal(table.query({ Limit: 0 })),
    ],
    answer: [INVALID, INVALID, INVALID, INVALID, INVALID, INVALID],
    differs: MOTO,
  },
];

const stored = (written: string) => ({
  name: `${written} is stored as the number it is`,
  ask: async (table: Parameters<Case["ask"]>[0]) => {
    await table.put({ ...id(1), n: N(written) });
    return (await table.get(1))?.["n"]?.N;
  },
});
const refused = (written: string): Case => ({
  name: `${written.slice(0, 12)} is no number for an attribute`,
  ask: (table) => refusal(table.put({ ...id(1), n: N(written) })),
  answer: INVALID,
});

const DIGITS = "12345678901234567890123456789012345678";

const values: ReadonlyArray<Case> = [
  { ...stored("1.0"), answer: "1", differs: MOTO },
  { ...stored("1e2"), answer: "100", differs: MOTO },
  { ...stored("+5"), answer: "5", differs: ["local", "moto"] },
  { ...stored("007.50"), answer: "7.5", differs: MOTO },
  { ...stored("-0"), answer: "0", differs: MOTO },
  { ...stored(DIGITS), answer: DIGITS },
  { ...stored(`0.${DIGITS}`), answer: `0.${DIGITS}` },
  { ...stored("1e-130"), answer: `0.${"0".repeat(129)}1`, differs: MOTO },
  { ...stored("9.9e125"), answer: `99${"0".repeat(124)}`, differs: MOTO },
  { ...refused(`${DIGITS}9`), differs: MOTO },
  { ...refused("1e126"), differs: MOTO },
  refused("1e-131"),
  refused("NaN"),
  refused("Infinity"),
  refused(" 1"),
  refused(""),
  {
    name: "a number is the same key however it is written",
    differs: MOTO,
    ask: async (table) => {
      await table.put({ ...id("1.0"), a: S("a") });
      return [await table.get("1"), await table.get("10e-1")];
    },
    answer: [1, 2].map(() => ({ ...id(1), a: S("a") })),
  },
  {
    name: "sums keep 38 digits, and are refused beyond",
    differs: MOTO,
    ask: async (table) => {
      const add = (a: string, b: string) =>
        table.update(1, {
          UpdateExpression: "SET n = :a + :b",
          ExpressionAttributeValues: { ":a": N(a), ":b": N(b) },
        });
      await add(DIGITS, "1");
      return [(await table.get(1))?.["n"]?.N, await refusal(add("1e50", "1"))];
    },
    answer: ["12345678901234567890123456789012345679", INVALID],
  },
  {
    name: "an empty text is a value, but no key of the table's indexes",
    ask: async (table) => [
      await refusal(table.put({ ...id(1), a: S("") })),
      await refusal(table.put(inFlight(1, ""))),
      await refusal(
        table.update(1, { UpdateExpression: "SET since = :e", ExpressionAttributeValues: { ":e": S("") } }),
      ),
      await table.get(1),
    ],
    answer: ["done", INVALID, INVALID, { ...id(1), a: S("") }],
  },
  {
    name: "a set is not empty, and has no element twice",
    differs: MOTO,
    ask: async (table) => [
      await refusal(table.put({ ...id(1), a: { SS: [] } })),
      await refusal(table.put({ ...id(1), a: { SS: ["a", "a"] } })),
    ],
    answer: [INVALID, INVALID],
  },
  {
    name: "an item has its key, of its type, and at most 400 KB",
    differs: MOTO,
    ask: async (table) => [
      await refusal(table.put({ a: S("a") })),
      await refusal(table.put({ order_id: S("1") })),
      await refusal(table.get("one")),
      await refusal(
        table.client.send(new GetItemCommand({ TableName: table.name, Key: { ...id(1), a: S("a") } })),
      ),
      await refusal(table.put({ ...id(1), a: S("x".repeat(400 * 1024)) })),
    ],
    answer: [INVALID, INVALID, INVALID, INVALID, INVALID],
  },
  {
    name: "a table that is not there is not found",
    ask: (table) => refusal(table.client.send(new DescribeTableCommand({ TableName: "no-such-table" }))),
    answer: "ResourceNotFoundException",
  },
  {
    name: "a table expires nothing before it is told by which attribute",
    ask: async (table) => {
      const { TimeToLiveDescription } = await table.client.send(
        new DescribeTimeToLiveCommand({ TableName: table.name }),
      );
      return TimeToLiveDescription;
    },
    answer: { TimeToLiveStatus: "DISABLED" },
  },
  {
    name: "an item whose time is over is read until it is deleted, in indexes too",
    ask: async (table) => {
      await table.put(inFlight(1, "t", { expires_at: N(1_000_000_000) }));
      return [(await table.get(1))?.["expires_at"], await pages(table, 9)];
    },
    answer: [N(1_000_000_000), [["1"]]],
  },
];

export const readCases: ReadonlyArray<Case> = [...indexes, ...values];
