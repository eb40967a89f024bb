/**
 * A review of what Terraform prints for people: for a cloud workspace whose plan in JSON this token may not read.
 * It knows top-level attributes only; what is inside them is summed up.
 */
import type { Difference } from "./differences";
import { type Action, countsOf, type Review, type Reviewed } from "./review";

/** How Terraform begins what it tells of one resource. */
const HEADINGS: ReadonlyArray<readonly [RegExp, Action]> = [
  [/^ {2}# (\S+) will be created/, "create"],
  [/^ {2}# (\S+) will be updated in-place/, "update"],
  [/^ {2}# (\S+) (?:is tainted, so )?(?:must|will) be replaced/, "replace"],
  [/^ {2}# (\S+) will be destroyed/, "delete"],
  [/^ {1,2}# (\S+) will no longer be managed by Terraform/, "forget"],
  [/^ {2}# (\S+) will be imported/, "import"],
  [/^ {2}# (\S+) has been deleted/, "delete"],
  [/^ {2}# (\S+) has changed/, "update"],
];
const MOVED = /^ {2}# (\S+) has moved to (\S+)$/;
const MOVED_TOO = /^ {2}# \(moved from (\S+)\)$/;
const IMPORTED_TOO = /^ {2}# \(imported from "?(.+?)"?\)$/;
const REASON = /^ {1,2}# \((?:because )?(.+)\)$/;
const ATTRIBUTE = /^ {6}(?:-\/\+|[~+-]) ("?)([\w-]+)\1 += (.*)$/;
const BLOCK = /^ {6}(?:-\/\+|[~+-]) ([\w-]+) \{$/;
const OUTPUT = /^ {2}([~+-]) (\w+) += (.*)$/;

const INSIDE = "(changes inside)";
const ACTION_OF: Readonly<Record<string, Action>> = { "+": "create", "~": "update", "-": "delete" };

const unquoted = (text: string): string | null =>
  text === "null" || text === "" ? null : text.replace(/^"(.*)"$/, "$1");

const differenceOf = (path: string, text: string): Difference => {
  const plain = text.replace(/ +# forces replacement$/, "").replace(/^\(sensitive value\)$/, "(sensitive)");
  const [before, after] = plain.split(" -> ");
  if (/[[{(]$/.test(plain)) return { path, before: INSIDE, after: INSIDE };
  return after === undefined || before === undefined
    ? { path, before: null, after: unquoted(plain) }
    : { path, before: unquoted(before), after: unquoted(after) };
};

const started = (line: string): Reviewed | undefined => {
  const empty = { reason: null, moved_from: null, imported: null, attributes: [] };
  const [, from, to] = MOVED.exec(line) ?? [];
  if (from !== undefined && to !== undefined)
    return { ...empty, address: to, action: "move", moved_from: from };
  for (const [pattern, action] of HEADINGS) {
    const address = pattern.exec(line)?.[1];
    if (address !== undefined) return { ...empty, address, action };
  }
  return undefined;
};

/** What one more line tells of the resource it is under. */
const continued = (one: Reviewed, line: string): Reviewed => {
  const moved = MOVED_TOO.exec(line)?.[1];
  if (moved !== undefined) return { ...one, moved_from: moved };
  const imported = IMPORTED_TOO.exec(line)?.[1];
  if (imported !== undefined) return { ...one, imported };
  const reason = REASON.exec(line)?.[1];
  if (reason !== undefined) return { ...one, reason };
  const block = BLOCK.exec(line)?.[1];
  if (block !== undefined)
    return one.attributes.some(({ path }) => path === block)
      ? one
      : { ...one, attributes: [...one.attributes, { path: block, before: INSIDE, after: INSIDE }] };
  const [, , name, value] = ATTRIBUTE.exec(line) ?? [];
  if (name === undefined || value === undefined) return one;
  const forces = value.endsWith("# forces replacement");
  return {
    ...one,
    reason: forces ? `cannot be updated in place: ${name}` : one.reason,
    attributes: [...one.attributes, differenceOf(name, value)],
  };
};

const resourcesIn = (lines: ReadonlyArray<string>): ReadonlyArray<Reviewed> =>
  lines.reduce<ReadonlyArray<Reviewed>>((found, line) => {
    const next = started(line);
    if (next !== undefined) return [...found, next];
    const last = found.at(-1);
    return last === undefined ? found : [...found.slice(0, -1), continued(last, line)];
  }, []);

const outputsIn = (lines: ReadonlyArray<string>): Review["outputs"] =>
  lines.flatMap((line) => {
    const [, mark = "", name, value] = OUTPUT.exec(line) ?? [];
    const action = ACTION_OF[mark];
    if (name === undefined || value === undefined || action === undefined) return [];
    return [{ name, action, attributes: [differenceOf("", value)] }];
  });

/** The lines from one that matches up to one that matches the end. */
const section = (lines: ReadonlyArray<string>, from: RegExp, to: RegExp): ReadonlyArray<string> => {
  const start = lines.findIndex((line) => from.test(line));
  if (start === -1) return [];
  const end = lines.findIndex((line, index) => index > start && to.test(line));
  return lines.slice(start, end === -1 ? undefined : end);
};

const DRIFT = /^Note: Objects have changed outside of Terraform/;
const CHANGES = /^(Terraform will perform|Terraform planned the following)/;
const END =
  /^(Plan: |Changes to Outputs:|Unless you have made|Terraform used the selected|Terraform will perform|This is a refresh-only plan)/;

export const humanPlan = (text: string): Review => {
  const lines = text.split("\n");
  const resources = resourcesIn(section(lines, CHANGES, /^(Plan: |Changes to Outputs:)/));
  return {
    counts: countsOf(resources),
    resources,
    outputs: outputsIn(section(lines, /^Changes to Outputs:/, /^(You can apply|─)/)),
    drift: resourcesIn(section(lines, DRIFT, END)),
  };
};
