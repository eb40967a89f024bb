import { TableLevel } from "../../../../../local/services/dynamodb/store/table-level";
import { EMPTY } from "../../../../../local/services/dynamodb/store/tally";
import { temporaryFolder } from "../../../../support/temporary-folder";

const noted = () => undefined;

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
});
