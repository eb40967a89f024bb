import { existsSync, globSync } from "node:fs";
import { matchesGlob } from "node:path";
import npmTest from "../jest.config.mjs";
import browser from "../jest.console.config.mjs";
import deployment from "../jest.deploy.config.mjs";
import platform from "../jest.platform.config.mjs";

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

it.each(suites)("$path is run by one command", ({ path }) => {
  const running = [npmTest, platform, browser, deployment].filter(
    ({ testMatch, testPathIgnorePatterns }) =>
      testMatch.some((pattern) => matchesGlob(`<rootDir>/${path}`, pattern)) &&
      !testPathIgnorePatterns.some((pattern) => new RegExp(pattern).test(`/${path}`)),
  );
  expect(running).toHaveLength(1);
});
