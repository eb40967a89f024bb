import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, outcomesOf, type Row } from "../../../cli/submit/outcomes";
import { temporaryFolder } from "../../support/temporary-folder";

/** What became of each order, from run to run. */

let runs = 0;
const newFile = (): string => join(temporaryFolder("outcomes"), `orders-${(runs += 1)}.csv`);

const row = (line: number, outcome: Outcome, fault = ""): Row => ({
  line,
  order_id: String(line),
  outcome,
  status: "received",
  fault,
  content: "c",
});

const outcomesIn = (file: string): ReadonlyArray<string> =>
  readFileSync(`${file}.outcomes.csv`, "utf8").trimEnd().split("\n").slice(1);

const write = async (file: string, isAll: boolean, ...rows: ReadonlyArray<Row>): Promise<void> => {
  const outcomes = await outcomesOf(file);
  await outcomes.write(rows);
  await outcomes.close(isAll);
};

it("keeps the rows that a run did not come to", async () => {
  const file = newFile();
  await write(file, true, row(2, "unanswered"), row(3, "stored"), row(4, "stored"));
  await write(file, false, row(2, "stored"));
  expect(outcomesIn(file)).toEqual([
    "2,2,stored,received,,c",
    "3,3,stored,received,,c",
    "4,4,stored,received,,c",
  ]);
  await write(file, true, row(2, "stored"));
  expect(outcomesIn(file)).toHaveLength(1);
});

it("goes on behind a kill: a row that was cut off counts as not written", async () => {
  const file = newFile();
  await write(file, true, row(2, "stored"), row(3, "unanswered"), row(4, "stored"));
  // Killed while it wrote, before it put the earlier run's rows behind.
  writeFileSync(`${file}.outcomes.csv.earlier`, readFileSync(`${file}.outcomes.csv`));
  writeFileSync(
    `${file}.outcomes.csv`,
    "line,order_id,outcome,status,fault,content\n2,2,replayed,received,,c\n3,3,stored,rec",
  );
  const outcomes = await outcomesOf(file);
  const earlier = [await outcomes.earlier(2), await outcomes.earlier(3), await outcomes.earlier(4)];
  await outcomes.close(false);
  expect(earlier.map((each) => each?.outcome)).toEqual(["replayed", "unanswered", "stored"]);
});

it("takes no last row without its end", async () => {
  const file = newFile();
  writeFileSync(`${file}.outcomes.csv`, "line,order_id,outcome,status,fault,content\n2,2,stored,received,,c");
  const outcomes = await outcomesOf(file);
  expect(await outcomes.earlier(2)).toBeUndefined();
  await outcomes.close(true);
});

it("has no formula that a spreadsheet would run", async () => {
  const file = newFile();
  await write(file, true, row(2, "malformed", "=HYPERLINK(1)"));
  expect(outcomesIn(file)[0]).toContain("'=HYPERLINK(1)");
});
