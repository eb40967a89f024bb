import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoTrading } from "../../../functions/adapters/dynamo-trading";
import { KEY, tradingItem } from "../../../functions/adapters/trading-item";
import type { Said } from "../../../functions/domain/trading";
import { CHECKPOINTS } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { ok } from "../../support/in-memory";

const TABLE = own("checkpoints");

const { signal } = new AbortController();
const AT = "2026-01-01T00:00:00.000Z";
const HALT: Said = {
  state: "halted",
  at: AT,
  since: AT,
  reason: "the desk: why",
  intake: "refused",
  announced: false,
};
const RESUMPTION: Said = { state: "resumed", at: "2026-01-01T00:00:05.000Z", reason: "why", announced: true };

let time = Date.parse(AT);
const clock = { now: () => new Date(time) };
/** A function's instance: each call of it is an invocation. */
const trading = dynamoTrading(TABLE);
const invocation = () => trading({ signal, clock });

const write = (item: PutItemCommand["input"]["Item"]) =>
  new DynamoDBClient({}).send(new PutItemCommand({ TableName: TABLE, Item: item }));

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, CHECKPOINTS);
});

describe("what an operator said about sending orders", () => {
  it("is nothing at first, which is remembered for less than a second", async () => {
    expect(await ok(invocation().state)).toBeUndefined();
    await write(tradingItem(HALT));
    time += 999;
    expect(await ok(invocation().state)).toBeUndefined();
    time += 1;
    expect(await ok(invocation().state)).toEqual(HALT);
  });

  it("is asked for anew by each invocation while it is a halt, and not by one alone", async () => {
    const before = invocation();
    expect(await ok(before.state)).toEqual(HALT);
    await write(tradingItem(RESUMPTION));
    expect(await ok(before.state)).toEqual(HALT);
    expect(await ok(invocation().state)).toEqual(RESUMPTION);
  });

  it("is noted as announced, unless something else was said since", async () => {
    await write(tradingItem(HALT));
    time += 1_000;
    await ok(invocation().markAnnounced(RESUMPTION.at));
    expect(await ok(invocation().state)).toEqual(HALT);
    await ok(invocation().markAnnounced(HALT.at));
    expect(await ok(invocation().state)).toEqual({ ...HALT, announced: true });
  });

  it.each([
    ["a state that there is none of", { state: { S: "paused" } }],
    ["no time", { state: { S: "halted" }, reason: { S: "why" }, intake: { S: "open" } }],
    ["a time in words", { ...tradingItem(RESUMPTION), at: { S: "yesterday" } }],
  ])("is a fault where the item has %s: nobody can say whether orders are sent", async (_, attributes) => {
    await write({ ...attributes, ...KEY });
    time += 1_000;
    expect(await invocation().state()).toMatchObject({ left: { _tag: "Permanent" } });
  });
});
