import { type Declared, declaredEnvironments } from "../support/synth";
import { RULES } from "./rules/rules";
import { DEVIATIONS } from "./rules/scanners";
import { rolesTable } from "./roles";

/** The parts of SECURITY.md that are made from the stacks, each between two markers of its name. */

const deviationsTable = (): string =>
  [
    "| scanners ask for | rules | why not here |",
    "| --- | --- | --- |",
    ...DEVIATIONS.map(({ ids, asks, why }) => `| ${asks} | ${ids.join(", ")} | ${why} |`),
  ].join("\n");

/** Rules that are kept in some environments, or for some resources, only. */
const partsTable = (): string =>
  [
    "| our rule | scanners' rules | holds for | why not everywhere |",
    "| --- | --- | --- | --- |",
    ...RULES.flatMap(({ sentence, checkov = [], trivy = [], only, apart }) => {
      const ids = [...checkov, ...trivy];
      const where = only === undefined ? "every environment" : [only.environments].flat().join(", ");
      const why = [only?.why ?? [], apart ?? []].flat().join(" ");
      return ids.length === 0 || why === ""
        ? []
        : [`| ${sentence} | ${ids.join(", ")} | ${where} | ${why} |`];
    }),
  ].join("\n");

const prod = (): Declared => {
  const stack = declaredEnvironments().get("prod");
  if (stack === undefined) throw new Error("environments/prod.json declares no stack");
  return stack;
};

const marker = (name: string, side: "begin" | "end"): string => `<!-- ${side} ${name}: npm run security -->`;

/** The document with its generated parts as they are now. */
export const withGeneratedParts = (document: string): string => {
  const parts = { roles: rolesTable(prod()), deviations: deviationsTable(), parts: partsTable() };
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [before, rest] = text.split(marker(name, "begin"), 2);
    const after = rest?.split(marker(name, "end"), 2)[1];
    if (before === undefined || after === undefined)
      throw new Error(`SECURITY.md: has not both markers of ${name}`);
    return `${before}${marker(name, "begin")}\n\n${part}\n\n${marker(name, "end")}${after}`;
  }, document);
};
