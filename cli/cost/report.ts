/** The model's figures as people read them: for a terminal, and as the tables of docs/scale.md. */
import type { Declared } from "./declared";
import { PRICES, PRICES_OF, PRICES_REGION } from "./prices";
import { budgetOf, ordered, quotas, shareOf } from "./quotas";
import { usage } from "./usage";
import { DAYS_A_MONTH, LOOKS_PER_ORDER, type Workload } from "./workload";

export const report = (environment: string, declared: Declared, workload: Workload) => {
  const lines = usage(declared, workload);
  const dollars = lines.reduce((sum, line) => sum + line.dollars, 0);
  return {
    environment,
    workload,
    prices: {
      of: PRICES_OF,
      region: PRICES_REGION,
      unverified: Object.entries(PRICES).flatMap(([name, { seen }]) => (seen === "unverified" ? [name] : [])),
    },
    lines,
    dollarsPerMonth: dollars,
    dollarsPerMillionOrders: (dollars * 1e6) / (workload.ordersPerDay * DAYS_A_MONTH),
    /** The nearest first. */
    quotas: ordered([...quotas(declared, workload), ...budgetOf(declared, dollars)]).map((quota) => ({
      ...quota,
      share: shareOf(quota),
    })),
  };
};
type Report = ReturnType<typeof report>;

const figure = (value: number): string =>
  value === 0
    ? "0"
    : value < 0.01
      ? value.toExponential(1)
      : value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });

const percent = (share: number): string => `${figure(100 * share)} %`;

const heading = ({
  workload: { ordersPerDay, ordersPerRequest, productsPerRequest, peak },
}: Report): string =>
  `${figure(ordersPerDay)} orders a day, ${figure(ordersPerRequest)} of ${figure(productsPerRequest)} products a request, ${figure(LOOKS_PER_ORDER)} look at each; the busiest second has ${figure(peak)} times the mean`;

/** Exceeded limits with what to do, or the nearest if none is. */
const advice = ({ quotas: all }: Report): ReadonlyArray<string> => {
  const exceeded = all.filter(({ share }) => share > 1);
  const [nearest] = all;
  if (exceeded.length > 0)
    return exceeded.map(({ name, share, then }) => `${name}: ${percent(share)}; ${then}`);
  return nearest === undefined
    ? []
    : [`none is met; the nearest is ${nearest.name}, at ${percent(nearest.share)}`];
};

const columns = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> =>
  rows.map((row) =>
    row
      .map((cell, place) => {
        const width = Math.max(...rows.map((other) => (other[place] ?? "").length));
        return place === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );

export const screen = (of: Report): ReadonlyArray<string> => [
  `${of.environment}: ${heading(of)}`,
  "",
  ...columns([
    ["resource", "a month", "unit", "per order", "US$ a month"],
    ...of.lines.map(({ resource, amount, unit, perOrder, dollars }) => [
      resource,
      figure(amount),
      unit,
      figure(perOrder),
      dollars.toFixed(2),
    ]),
    ["all", "", "", "", of.dollarsPerMonth.toFixed(2)],
  ]),
  "",
  `US$ ${figure(of.dollarsPerMillionOrders)} for a million orders, storage and logs as full as the retention lets them become`,
  "",
  "limits, the nearest first",
  ...columns(
    of.quotas.map(({ name, used, limit, unit, share }) => [
      `  ${name}`,
      `${figure(used)} of ${figure(limit)} ${unit}`,
      percent(share),
    ]),
  ),
  "",
  "the file must say, or AWS raise:",
  ...advice(of).map((line) => `  ${line}`),
  "",
  `Prices of ${of.prices.region}, ${of.prices.of}, first tier, none free; not verified: ${of.prices.unverified.join(", ")}. docs/scale.md says what is assumed.`,
];

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`;

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const [head = [], ...others] = rows;
  return [row(head), row(head.map(() => "---")), ...others.map(row)];
};

/** The tables of docs/scale.md: limits and cost at several sizes side by side. */
export const markdown = (reports: ReadonlyArray<Report>): ReadonlyArray<string> => {
  const sizes = reports.map(({ workload }) => `${figure(workload.ordersPerDay)} a day`);
  const [first] = reports;
  return [
    ...table([
      ["limit", ...sizes],
      ...(first?.quotas ?? [])
        .map(({ name }) => name)
        .sort()
        .map((name) => [
          name,
          ...reports.map(({ quotas: all }) => percent(all.find((quota) => quota.name === name)?.share ?? 0)),
        ]),
    ]),
    "",
    ...reports.flatMap((of, place) => [
      `**${sizes[place] ?? ""}**`,
      "",
      ...advice(of).map((line) => `- ${line}`),
      "",
    ]),
    ...table([
      ["US$ a month", ...sizes],
      ...(first?.lines ?? []).map(({ resource, unit }) => [
        `${resource} (${unit})`,
        ...reports.map(({ lines }) =>
          figure(lines.find((line) => line.resource === resource && line.unit === unit)?.dollars ?? 0),
        ),
      ]),
      ["all", ...reports.map(({ dollarsPerMonth }) => figure(dollarsPerMonth))],
      ["for a million orders", ...reports.map((of) => figure(of.dollarsPerMillionOrders))],
    ]),
  ];
};
