/** The cases that the local table is held to, asked of moto: an emulator made by others, from the same documents. */
import { type Emulator, startEmulator } from "../../cli/emulate/emulator.mts";
import { check } from "../local/services/dynamodb/cases";
import { partiqlCases } from "../local/services/dynamodb/partiql-cases";
import { readCases } from "../local/services/dynamodb/read-cases";
import { type TryTable, tables } from "../local/services/dynamodb/try-table";
import { writeCases } from "../local/services/dynamodb/write-cases";

let moto: Emulator;
let table: () => Promise<TryTable>;

beforeAll(async () => {
  moto = await startEmulator(process.env);
  table = tables({
    endpoint: moto.endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});
afterAll(() => moto.stop());

it.each([...writeCases, ...readCases, ...partiqlCases])("$name", async (one) =>
  check(one, await table(), "moto"),
);
