import { declaredEnvironment } from "../support/synth";
import { DEVIATIONS } from "./deviations";
import { rolesTable } from "./roles";

/** The parts of SECURITY.md that are made from the stacks, each between two markers of its name. */

const deviationsTable = (): string =>
  [
    "| Checkov asks for | checks | where we do not | why |",
    "| --- | --- | --- | --- |",
    ...DEVIATIONS.map(
      ({ checks, asks, where, why }) =>
        `| ${asks} | ${checks.join(", ")} | ${where?.said ?? "everywhere"} | ${why} |`,
    ),
  ].join("\n");

const marker = (name: string, side: "begin" | "end"): string => `<!-- ${side} ${name}: npm run security -->`;

/** The document with its generated parts as they are now. */
export const withGeneratedParts = (document: string): string => {
  const parts = { roles: rolesTable(declaredEnvironment("prod")), deviations: deviationsTable() };
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [before, rest] = text.split(marker(name, "begin"), 2);
    const after = rest?.split(marker(name, "end"), 2)[1];
    if (before === undefined || after === undefined)
      throw new Error(`SECURITY.md: has not both markers of ${name}`);
    return `${before}${marker(name, "begin")}\n\n${part}\n\n${marker(name, "end")}${after}`;
  }, document);
};
