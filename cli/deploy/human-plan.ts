/**
 * A review of what Terraform prints for people: for a cloud workspace whose plan in JSON this token may not read.
 * Of what changes inside an attribute it knows the names, not the whole path.
 */
import type { Difference } from "./differences";
import { type Action, countsOf, type Review, type Reviewed } from "./review";

/** The first line of what Terraform prints about a resource. */
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
const ATTRIBUTE = /^ {6}(-\/\+|[~+-]) ("?)([\w-]+)\2 += (.*)$/;
const BLOCK = /^ {6}(?:-\/\+|[~+-]) ([\w-]+) \{$/;
const NESTED = /^ {7,}(-\/\+|[~+-]) ("?)([\w-]+)\2 += (.*)$/;
const OUTPUT = /^ {2}([~+-]) (\w+) += (.*)$/;

const INSIDE = "(changes inside)";
const ACTION_OF: Readonly<Record<string, Action>> = { "+": "create", "~": "update", "-": "delete" };

const unquoted = (text: string): string | null =>
  text === "null" || text === "" ? null : text.replace(/^"(.*)"$/, "$1");

/** @param sign of the line: what is removed with all that it is in has no arrow of its own */
const differenceOf = (path: string, text: string, sign = "+"): Difference => {
  const plain = text.replace(/ +# forces replacement$/, "").replace(/^\(sensitive value\)$/, "(sensitive)");
  const [before, after] = plain.split(" -> ");
  if (/[[{(]$/.test(plain)) return { path, before: INSIDE, after: INSIDE };
  if (after === undefined && sign === "-") return { path, before: unquoted(plain), after: null };
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

/** The lines after an attribute say what changes inside it better than a remark. */
const inside = (
  { attributes, ...one }: Reviewed,
  name: string,
  value: string,
  sign: string | undefined,
): Reviewed => {
  const last = attributes.at(-1);
  if (last === undefined) return { ...one, attributes };
  const top = last.path.split(".")[0] ?? last.path;
  const before = last.before === INSIDE ? attributes.slice(0, -1) : attributes;
  return { ...one, attributes: [...before, differenceOf(`${top}.${name}`, value, sign)] };
};

/** What one more line says about the resource it is under. */
const continued = (one: Reviewed, line: string): Reviewed => {
  const moved = MOVED_TOO.exec(line)?.[1];
  if (moved !== undefined) return { ...one, moved_from: moved };
  const imported = IMPORTED_TOO.exec(line)?.[1];
  if (imported !== undefined) return { ...one, imported };
  const reason = REASON.exec(line)?.[1];
  if (reason !== undefined) return { ...one, reason };
  const block = BLOCK.exec(line)?.[1];
  if (block !== undefined)
    return { ...one, attributes: [...one.attributes, { path: block, before: INSIDE, after: INSIDE }] };
  const [, deepSign, , nested, deep] = NESTED.exec(line) ?? [];
  if (nested !== undefined && deep !== undefined) return inside(one, nested, deep, deepSign);
  const [, sign, , name, value] = ATTRIBUTE.exec(line) ?? [];
  if (name === undefined || value === undefined) return one;
  const forces = value.endsWith("# forces replacement");
  return {
    ...one,
    reason: forces ? `cannot be updated in place: ${name}` : one.reason,
    attributes: [...one.attributes, differenceOf(name, value, sign)],
  };
};

/** Terraform prints a block of a set that changes as one removed and one added: what both hold is the same. */
const withoutRepeats = (one: Reviewed): Reviewed => ({
  ...one,
  attributes: one.attributes.filter(
    ({ path, before, after }) =>
      before === after ||
      !one.attributes.some(
        (other) => other.path === path && other.before === after && other.after === before,
      ),
  ),
});

const resourcesIn = (lines: ReadonlyArray<string>): ReadonlyArray<Reviewed> =>
  linesOfResources(lines).map(withoutRepeats);

const linesOfResources = (lines: ReadonlyArray<string>): ReadonlyArray<Reviewed> =>
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
