/** Medians of one run, and the size of what is loaded. */
type Cost = { readonly ms: number; readonly cpuMs: number; readonly bytes: number };

export type Row = { readonly name: string; readonly ours: Cost; readonly baseline: Cost };

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

const COSTS = ["ms", "cpuMs", "bytes"] as const;

/** Ours of the baseline's, of each cost. */
export const ratios = ({ ours, baseline }: Row) =>
  COSTS.map((cost) => Number((ours[cost] / baseline[cost]).toFixed(2)));

const kB = (bytes: number): string => (bytes / 1_000).toFixed(0);

/** A table as docs/performance.md has it; a terminal shows it as well. */
export const aligned = (lines: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const width = (column: number): number => Math.max(...lines.map((line) => (line[column] ?? "").length));
  const [head = "", ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(width(column))).join(" | ")} |`,
  );
  return [head, head.replaceAll(/[^|]/g, "-").replaceAll(/-(?=\|)|(?<=\|)-/g, " "), ...body];
};

export const table = (rows: ReadonlyArray<Row>): ReadonlyArray<string> =>
  aligned([
    ["function", "time", "CPU", "size", "ms", "bare ms", "kB", "bare kB"],
    ...rows.map((row) => [
      row.name,
      ...ratios(row).map((ratio) => ratio.toFixed(2)),
      ...[row.ours, row.baseline].map(({ ms }) => ms.toFixed(0)),
      ...[row.ours, row.baseline].map(({ bytes }) => kB(bytes)),
    ]),
  ]);
