import createTable from "dynalite/actions/createTable.js";
import putItem from "dynalite/actions/putItem.js";
import scan from "dynalite/actions/scan.js";
import db from "dynalite/db/index.js";
import { handOver } from "../../../../../local/services/dynamodb/store/level-export";
import { TableLevel } from "../../../../../local/services/dynamodb/store/table-level";
import { EMPTY } from "../../../../../local/services/dynamodb/store/tally";
import { until } from "../../../../platform/support/until";
import { temporaryFolder } from "../../../../support/temporary-folder";

// As in the bundle that the platform runs.
jest.mock("level", () =>
  jest.requireActual<object>("../../../../../local/services/dynamodb/store/level-export"),
);

const noted = () => undefined;

const isIterator = (value: unknown): value is { readonly next: () => Promise<unknown> } =>
  typeof value === "object" && value !== null && "next" in value;

describe("the tables' database", () => {
  it("answers what it is asked while it is still being opened", async () => {
    const folder = temporaryFolder("tables");
    const first = new TableLevel(folder, EMPTY, noted);
    await first.put("table~orders", { of: "orders" });
    await first.close();
    const again = new TableLevel(folder, EMPTY, noted);
    expect(again.status).toBe("opening");
    expect(await again.get("table~orders")).toEqual({ of: "orders" });
    expect(await again.get("table~none")).toBeUndefined();
    await again.close();
    await expect(again.get("table~orders")).rejects.toMatchObject({ code: "LEVEL_DATABASE_NOT_OPEN" });
  });

  it("ends what is read of it, to the end or not: what is left open keeps memory and files for good", async () => {
    const folder = temporaryFolder("tables");
    handOver(folder, EMPTY, noted);
    const store = db.create({ path: folder, createTableMs: 0 });
    const level = store.db;
    if (!(level instanceof TableLevel)) throw new Error("dynalite made another database");
    const values = jest.spyOn(level, "values");
    const done = (act: typeof scan, input: Record<string, unknown>) =>
      new Promise<unknown>((resolve, reject) => {
        act(store, { TableName: "orders", ...input }, (error, answer) => {
          if (error instanceof Error) reject(error);
          else resolve(answer);
        });
      });
    await done(createTable, {
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    });
    // The table is there a moment later.
    const put = (id: string) =>
      done(putItem, { Item: { id: { S: id } } }).then(
        () => true,
        () => false,
      );
    for (const id of ["a", "b", "c"]) await until(() => put(id), Boolean);
    for (const Limit of [1, 100])
      expect(await done(scan, { Limit })).toMatchObject({ Count: Math.min(Limit, 3) });
    const made: ReadonlyArray<{ readonly value: unknown }> = values.mock.results;
    expect(made.map(({ value }) => isIterator(value))).toEqual([true, true]);
    for (const { value } of made)
      if (isIterator(value))
        await until(
          () =>
            value.next().then(
              () => "open",
              (error: unknown): unknown => Reflect.get(Object(error), "code"),
            ),
          (state) => state === "LEVEL_ITERATOR_NOT_OPEN",
        );
    await level.close();
  });
});
