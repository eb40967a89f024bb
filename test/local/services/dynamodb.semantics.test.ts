import { runStack, type RunningStack } from "../../platform/support/running-stack";
import { check } from "./dynamodb/cases";
import { readCases } from "./dynamodb/read-cases";
import { type TryTable, tables } from "./dynamodb/try-table";
import { writeCases } from "./dynamodb/write-cases";

let platform: RunningStack;
let table: () => Promise<TryTable>;

beforeAll(async () => {
  platform = await runStack([]);
  table = tables(platform.client);
}, 30_000);
afterAll(() => platform.stop());

it.each([...writeCases, ...readCases])("$name", async (one) => check(one, await table(), "local"));
