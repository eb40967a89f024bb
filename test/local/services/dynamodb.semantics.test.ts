import { check } from "./dynamodb/cases";
import { localTables } from "./dynamodb/local-tables";
import { readCases } from "./dynamodb/read-cases";
import { writeCases } from "./dynamodb/write-cases";

const { table } = localTables();

it.each([...writeCases, ...readCases])("$name", async (one) => check(one, await table(), "local"));
