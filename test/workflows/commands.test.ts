/** What the workflows run exists, and takes what it is given. */
import { existsSync } from "node:fs";
import { npmCommandsIn, unknownIn } from "../support/npm-command";
import { shippedEnvironments } from "../support/synth";
import { textsOf, workflowOf } from "./workflow";

const runs = [...textsOf()].flatMap(([file, text]) =>
  Object.values(workflowOf(text).jobs).flatMap(({ steps = [] }) =>
    steps.flatMap(({ run = "" }) => (run === "" ? [] : [[file, run] as const])),
  ),
);

const commands = npmCommandsIn(runs.map(([, run]) => run).join("\n"));

it.each(commands.map((command) => [command.script, command.words.join(" "), command] as const))(
  "npm run %s -- %s: the command and its options exist",
  (_, __, command) => {
    expect(unknownIn(command)).toEqual([]);
  },
);

it("finds the commands that it is to try", () => {
  expect(commands.map(({ script }) => script)).toEqual(expect.arrayContaining(["deploy", "github", "smoke"]));
});

it("every script of the repository that a step runs is there", () => {
  const files = runs.flatMap(([, run]) => run.match(/\.(?:github|ci)\/[\w./-]+/g) ?? []);
  expect(files).toContain(".github/verify-bundles.sh");
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it("no workflow names an environment but those of a release and dev", () => {
  const names = shippedEnvironments().map(({ name }) => name);
  const named = (file: string) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(runs.filter(([one]) => one === file).join("\n")));
  expect(named("drift.yml")).toEqual([]);
  expect(named("deploy.yml")).toEqual([]);
});
