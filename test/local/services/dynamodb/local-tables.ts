import { type RunningStack, runStack } from "../../../platform/support/running-stack";
import { type TryTable, tables } from "./try-table";

/** A platform without a stack for the tests of a file, and what makes tables of it. */
export const localTables = () => {
  let platform: RunningStack;
  let make: () => Promise<TryTable>;
  beforeAll(async () => {
    platform = await runStack([]);
    make = tables(platform.client);
  });
  afterAll(() => platform.stop());
  return { table: () => make(), client: () => platform.client };
};
