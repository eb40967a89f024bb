/** docs/release.md tells people what to type and what to set: that all of it exists. */
import { readFileSync } from "node:fs";
import * as t from "io-ts";
import { deployedNames } from "../support/synth";
import { textsOf, workflowOf } from "./workflow";

const page = readFileSync("docs/release.md", "utf8");
const Package = t.type({ scripts: t.record(t.string, t.string) });

const anyEnvironment = new RegExp(`^(${deployedNames.join("|")}|\\$\\{\\{.+\\}\\})(?=-|$)`);

test("every command on it is one of package.json's", () => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  const scripts = Package.is(manifest) ? Object.keys(manifest.scripts) : [];
  const named = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
  expect(named).toContain("release");
  expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
});

test("its table has every GitHub environment that a job runs in, and no other", () => {
  const used = [...textsOf().values()].flatMap((text) =>
    Object.values(workflowOf(text).jobs).flatMap(({ environment }) =>
      environment === undefined ? [] : [environment.replace(anyEnvironment, "ENVIRONMENT")],
    ),
  );
  const table = page.slice(page.indexOf("## Once"));
  const told = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
  expect(told.sort()).toEqual([...new Set(used)].sort());
});

test("every variable and secret that a workflow reads is on it", () => {
  const read = new Set(
    [...textsOf().values()].flatMap((text) =>
      [...text.matchAll(/\b(?:secrets|vars)\.(\w+)/g)].map(([, name = ""]) => name),
    ),
  );
  expect([...read].sort()).toEqual(["AWS_REGION", "SMOKE_ROLE_ARN", "TF_TOKEN"]);
  for (const name of read) expect(page).toContain(`\`${name}\``);
});
