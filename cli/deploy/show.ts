/** A review for a terminal and in Markdown. */
import { cut } from "../../lib/text";
import type { Difference } from "./differences";
import { type Action, ACTIONS, isEmpty, type Review, type Reviewed } from "./review";

/** A value is shown whole by `--json` alone. */
const LONGEST_VALUE = 120;

const short = (text: string): string => cut(text.replaceAll(/\s+/g, " "), LONGEST_VALUE);

const side = (value: string | null): string => (value === null ? "(nothing)" : short(value));

/** What is recreated or deleted has only one side: its address says enough. */
const isTwoSided = (action: Action): boolean =>
  action !== "create" && action !== "delete" && action !== "forget";

const differencesOf = ({ action, attributes }: Pick<Reviewed, "action" | "attributes">) =>
  isTwoSided(action) ? attributes : [];

const remarksOf = ({ reason, moved_from: from, imported }: Reviewed): string =>
  [
    ...(reason === null ? [] : [reason]),
    ...(from === null ? [] : [`moved from ${from}`]),
    ...(imported === null ? [] : [`imported: ${imported}`]),
  ].join("; ");

/** `2 to create, 1 to replace`. */
export const headline = (review: Review): string => {
  const counted = ACTIONS.filter((action) => review.counts[action] > 0).map(
    (action) => `${review.counts[action]} to ${action}`,
  );
  const outputs = review.outputs.length === 0 ? [] : [`${review.outputs.length} outputs to change`];
  return isEmpty(review) ? "nothing to change" : [...counted, ...outputs].join(", ");
};

const differenceLine = ({ path, before, after }: Difference): string =>
  `${path === "" ? "" : `${path}: `}${side(before)} → ${side(after)}`;

/** As a table: action, resource, why; below each, the attributes that change. */
export const rowsOf = (resources: ReadonlyArray<Reviewed>): ReadonlyArray<string> => {
  const width = Math.max(0, ...resources.map(({ address }) => address.length));
  return resources.flatMap((one) => [
    `  ${one.action.padEnd(8)} ${one.address.padEnd(width)}  ${remarksOf(one)}`.trimEnd(),
    ...differencesOf(one).map((difference) => `             ${differenceLine(difference)}`),
  ]);
};

const titled = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [title, ...lines];

const BY_OTHERS = "changed by other hands since the last apply:";

/** For a terminal. */
export const reviewLines = (review: Review): ReadonlyArray<string> => [
  headline(review),
  ...rowsOf(review.resources),
  ...titled(
    "outputs:",
    review.outputs.flatMap(({ name, action, attributes }) => [
      `  ${action.padEnd(8)} ${name}`,
      ...attributes.map((one) => `             ${differenceLine(one)}`),
    ]),
  ),
  ...titled(BY_OTHERS, rowsOf(review.drift)),
];

/** As code, whatever is in it: neither a link, nor a mention, nor the end of the table's cell. */
const code = (text: string): string => {
  const fence = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|")}${pad}${fence}`;
};

const cell = (value: string | null): string => (value === null ? "" : code(side(value) || " "));

const row = (...cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`;

const HEADER = [row("action", "resource", "why, attribute", "before", "after"), row("-", "-", "-", "-", "-")];

const resourceRows = (one: Reviewed): ReadonlyArray<string> => [
  row(one.action, code(one.address), remarksOf(one) === "" ? "" : code(short(remarksOf(one))), "", ""),
  ...differencesOf(one).map(({ path, before, after }) => row("", "", code(path), cell(before), cell(after))),
];

const table = (title: string, rows: ReadonlyArray<string>): ReadonlyArray<string> =>
  rows.length === 0 ? [] : [title, "", ...HEADER, ...rows, ""];

/** What GitHub takes as one comment, with room for what stands around it. */
const LONGEST_MARKDOWN = 60_000;

/** Cuts at a line, and says so. */
export const fitting = (lines: ReadonlyArray<string>, longest = LONGEST_MARKDOWN): string => {
  let length = 0;
  const kept = lines.filter((line) => (length += line.length + 1) <= longest);
  const left = lines.length - kept.length;
  return `${[...kept, ...(left === 0 ? [] : ["", `… ${left} more lines; the log has all of them.`])].join("\n")}\n`;
};

/** The tables of resources, for a comment or a job's summary. */
export const resourceTable = (title: string, resources: ReadonlyArray<Reviewed>): ReadonlyArray<string> =>
  table(title, resources.flatMap(resourceRows));

/** For a comment or a job's summary. */
export const reviewMarkdown = (title: string, review: Review): string =>
  fitting([
    `### ${title}: ${headline(review)}`,
    "",
    ...table("", review.resources.flatMap(resourceRows)),
    ...table(
      "**Outputs**",
      review.outputs.flatMap(({ name, action, attributes }) => [
        row(action, code(name), "", "", ""),
        ...attributes.map(({ path, before, after }) =>
          row("", "", path === "" ? "" : code(path), cell(before), cell(after)),
        ),
      ]),
    ),
    ...resourceTable(`**${BY_OTHERS}**`, review.drift),
  ]);
