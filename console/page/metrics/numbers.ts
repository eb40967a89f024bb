/** What a chart says in words, and how its lines lie in a field as wide as there are periods, and 100 high. */
import type { Chart, ChartLine } from "../../shapes";
import { type Span, SPANS } from "../../spans";
import { durationText, minuteText, numberText } from "../words";

export const HEIGHT = 100;

const MS: Readonly<Record<string, number>> = { milliseconds: 1, seconds: 1_000, minutes: 60_000 };

const periodText = (span: Span): string => {
  const minutes = SPANS[span].periodS / 60;
  if (minutes === 1) return "a minute";
  return minutes < 60 ? `${minutes} minutes` : `${minutes / 60} hours`;
};

/** A time says its unit itself. */
export const unitText = ({ unit, kind }: Chart, span: Span): string =>
  kind === "counts" ? `${unit} in ${periodText(span)}` : MS[unit] === undefined ? unit : "";

export const valueText = ({ unit }: Pick<Chart, "unit">, value: number | null | undefined): string => {
  if (value === undefined || value === null) return "";
  const ms = MS[unit];
  return ms === undefined ? numberText(value) : durationText(value * ms);
};

/** When a period began. */
export const startText = (from: string, span: Span, period: number): string =>
  minuteText(new Date(Date.parse(from) + period * SPANS[span].periodS * 1_000));

const numbersIn = ({ values = [] }: ChartLine): ReadonlyArray<number> =>
  values.filter((value) => value !== null);

/** The greatest value of all lines: they have one scale. */
export const topOf = ({ lines }: Chart): number => Math.max(0, ...lines.flatMap(numbersIn));

/** How many in all, or the newest value; undefined where there is none. */
export const lastingOf = ({ kind }: Pick<Chart, "kind">, line: ChartLine): number | undefined => {
  const numbers = numbersIn(line);
  if (line.values === undefined) return undefined;
  return kind === "counts" ? numbers.reduce((sum, value) => sum + value, 0) : numbers.at(-1);
};

/** A line in words, for whoever does not see it. */
export const lineText = (chart: Chart, line: ChartLine, span: Span): string => {
  const { name } = SPANS[span];
  const lasting = lastingOf(chart, line);
  if (line.values === undefined) return `${line.label}: could not be read`;
  if (lasting === undefined) return `${line.label}: nothing in the last ${name}`;
  const most = valueText(chart, Math.max(...numbersIn(line)));
  return chart.kind === "counts"
    ? `${line.label}: ${numberText(lasting)} in the last ${name}, at most ${most} in ${periodText(span)}`
    : `${line.label}: ${valueText(chart, lasting)} now, at most ${most} in the last ${name}`;
};

/** Every line's value in one period; of no line, empty. */
export const periodWords = (chart: Chart, period: number): string =>
  chart.lines
    .flatMap(({ label, values = [] }) => {
      const value = values[period];
      return value === undefined || value === null ? [] : [`${label} ${valueText(chart, value)}`];
    })
    .join(", ");

/** The periods with anything to tell, the newest first. */
export const toldPeriods = ({ kind, lines }: Chart): ReadonlyArray<number> => {
  const nothing = kind === "counts" ? 0 : null;
  const told = lines.flatMap(({ values = [] }) =>
    values.flatMap((value, period) => (value === nothing ? [] : [period])),
  );
  return [...new Set(told)].toSorted((a, b) => b - a);
};

/** Why nothing is drawn; undefined where something is. */
export const emptyText = (chart: Chart, span: Span): string | undefined => {
  if (toldPeriods(chart).length > 0) return undefined;
  const unread = chart.lines.some(({ values }) => values === undefined);
  return unread ? "It could not be read." : `Nothing in the last ${SPANS[span].name}.`;
};

const heightOf = (value: number, top: number): number => (top === 0 ? 0 : (value / top) * HEIGHT);

/** Paths through values, which break off where there is none; and a dot for each value between none. */
export const pathsOf = (
  { values = [] }: ChartLine,
  top: number,
): { readonly line: string; readonly dots: string } => {
  const has = (period: number): boolean => typeof values[period] === "number";
  const points = values.flatMap((value, period) =>
    value === null ? [] : [{ period, at: `${period + 0.5} ${(HEIGHT - heightOf(value, top)).toFixed(2)}` }],
  );
  return {
    line: points.map(({ period, at }) => `${has(period - 1) ? "L" : "M"}${at}`).join(""),
    dots: points.map(({ period, at }) => (has(period - 1) || has(period + 1) ? "" : `M${at}h0`)).join(""),
  };
};

/** A bar for each value that is not zero; the least of them can still be seen. */
export const barsOf = ({ values = [] }: ChartLine, top: number) =>
  values.flatMap((value, period) => {
    if (value === null || value === 0) return [];
    const height = Math.max(2, heightOf(value, top));
    return [{ x: period + 0.1, y: HEIGHT - height, width: 0.8, height }];
  });
