import { readFileSync } from "node:fs";
import { shippedEnvironments } from "../support/synth";

const page = readFileSync("docs/environments.md", "utf8");
const table = [...page.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, names = ""]) =>
  [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
);

it("docs/environments.md tells of every property that a shipped file has", () => {
  const used = new Set(shippedEnvironments().flatMap((environment) => Object.keys(environment)));
  const told = new Set(table.map((name) => name.split(".")[0]));
  expect([...used].filter((name) => !told.has(name))).toEqual([]);
});
