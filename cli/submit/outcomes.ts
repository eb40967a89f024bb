/**
 * `FILE.outcomes.csv`: a row for each order of the file, in the file's order, written batch after batch. A run reads
 * the rows of the one before (moved to `….earlier`) beside the file, keeps those of orders that are stored, and
 * writes all into a new one. Where it ends early, by itself or by a kill, the rows it did not come to are put behind.
 */
import { createReadStream, existsSync, renameSync, rmSync } from "node:fs";
import { appendFile, truncate, writeFile } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { cellsOf } from "./cells";
import { type Line, linesOf } from "./lines";

const OUTCOMES = [
  "stored",
  "replayed",
  "conflict",
  "unreadable",
  "refused",
  "malformed",
  "unanswered",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const COLUMNS = ["line", "order_id", "outcome", "status", "fault", "content"] as const;

export type Row = {
  readonly line: number;
  readonly order_id: string;
  readonly outcome: Outcome;
  /** The order's own, as the API answered it. */
  readonly status: string;
  readonly fault: string;
  /** Stands for what was sent, and where to: a row is of use only where it is the same. */
  readonly content: string;
};

export const isStored = ({ outcome }: Pick<Row, "outcome">): boolean =>
  outcome === "stored" || outcome === "replayed";

const rowOf = (line: Line): Row | undefined => {
  const [number = "", order_id = "", named = "", status = "", fault = "", content = ""] = pipe(
    line.text,
    E.flatMap((text) => cellsOf(text, ",")),
    E.getOrElse((): ReadonlyArray<string> => []),
  );
  const outcome = OUTCOMES.find((each) => each === named);
  return line.isWhole && outcome !== undefined
    ? { line: Number(number), order_id, outcome, status, fault, content }
    : undefined;
};

async function* rowsOf(file: string): AsyncGenerator<Row & { readonly end: number }> {
  if (!existsSync(file)) return;
  for await (const line of linesOf(createReadStream(file))) {
    const row = rowOf(line);
    if (row !== undefined) yield { ...row, end: line.end };
  }
}

const HEADER = `${COLUMNS.join(",")}\n`;
const ROWS_AT_ONCE = 1_000;

const textOf = (rows: ReadonlyArray<Row>): string =>
  stringify(
    rows.map((row) => COLUMNS.map((column) => String(row[column]))),
    { escape_formulas: true },
  );

/** Puts the rows of the earlier run that this one did not come to behind those it wrote. */
const completed = async (path: string, earlier: string): Promise<void> => {
  if (!existsSync(earlier)) return;
  let last = 0;
  let end = 0;
  for await (const row of rowsOf(path)) ({ line: last, end } = row);
  if (end === 0) await writeFile(path, HEADER);
  else await truncate(path, end);
  let rest: Row[] = [];
  for await (const row of rowsOf(earlier)) {
    if (row.line > last) rest.push(row);
    if (rest.length < ROWS_AT_ONCE) continue;
    await appendFile(path, textOf(rest));
    rest = [];
  }
  await appendFile(path, textOf(rest));
  rmSync(earlier);
};

export const outcomesOf = async (file: string) => {
  const path = `${file}.outcomes.csv`;
  const earlier = `${path}.earlier`;
  await completed(path, earlier);
  if (existsSync(path)) renameSync(path, earlier);
  await writeFile(path, HEADER);

  const rows = rowsOf(earlier);
  let next = await rows.next();
  return {
    path,
    /** The row of an earlier run for a line. Lines are asked for in their order. */
    earlier: async (line: number): Promise<Row | undefined> => {
      while (next.done !== true && next.value.line < line) next = await rows.next();
      return next.done !== true && next.value.line === line ? next.value : undefined;
    },
    write: (done: ReadonlyArray<Row>) => appendFile(path, textOf(done)),
    /** @param isAll whether every line of the file has its row now: an earlier run's others are of lines that are gone */
    close: async (isAll: boolean): Promise<void> => {
      await rows.return(undefined);
      if (isAll) rmSync(earlier, { force: true });
      else await completed(path, earlier);
    },
  };
};

export type OutcomesFile = Awaited<ReturnType<typeof outcomesOf>>;
