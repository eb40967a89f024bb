import { existsSync, globSync, readFileSync } from "node:fs";

/** Suites of more than one unit: of the whole, running or as a text, and of the repository. */
const WHOLES = ["deploy", "docs", "platform", "security", "supply-chain", "terraform", "workflows"];

const suites = globSync("test/*/**/*.test.ts").map((path) => {
  const [, top = "", unit = ""] = /^test\/([^/]+)\/(.*?)\./.exec(path) ?? [];
  return { path, top, unit };
});
const units = suites.filter(({ top }) => !WHOLES.includes(top));

it.each(units)("$path is named after the file or folder it tests", ({ top, unit }) => {
  const tested = ["", ".ts", ".mts", ".mjs"].map((extension) => `${top}/${unit}${extension}`);
  expect(tested.filter((path) => existsSync(path))).not.toEqual([]);
});

it("every suite of a file or folder is run by npm run test:unit, and no other", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    scripts: Record<string, string>;
  };
  const run = scripts["test:unit"]?.match(/test\/\w+/g);
  expect(run).toEqual([...new Set(units.map(({ top }) => `test/${top}`))].sort());
});
