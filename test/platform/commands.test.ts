import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkoutIn } from "../support/checkout";
import { programOf, scripts } from "../support/npm-command";
import { type Finished, run } from "../support/process";
import { subcommandsIn } from "../support/subcommands.mts";
import { temporaryFolder } from "../support/temporary-folder";

/** Every command as somebody types it who does not know it yet. */

/** The commands that are this project's own, and the program that each runs; others are tools with their own help. */
const COMMANDS = Object.keys(scripts).flatMap((name) => {
  const program = programOf(name);
  return program === undefined || name === "cdktf" ? [] : [{ name, program }];
});

/** A fresh clone, built, for what a command might do although it should not. */
let clone: string;
let before: ReadonlyArray<string>;
beforeAll(() => {
  clone = join(temporaryFolder("commands"), "clone");
  checkoutIn(clone).build();
  before = written();
});

/** Every file of the clone, with when it was written; but for packages, and what the engine keeps. */
const written = (): ReadonlyArray<string> =>
  globSync("**", { cwd: clone, exclude: (name) => [".git", "node_modules", ".compiled"].includes(name) })
    .map((file) => [file, statSync(join(clone, file))] as const)
    .flatMap(([file, found]) => (found.isFile() ? [`${file} ${found.mtimeMs}`] : []))
    .sort();

const runs = (program: string, args: ReadonlyArray<string>, changes = {}): Promise<Finished> =>
  run(process.execPath, [program, ...args], { cwd: clone, changes });

const isOneLine = (text: string): boolean => /^[^\n]+\n$/.test(text) && !/^\s+at /m.test(text);

it("finds the commands", () => {
  expect(COMMANDS.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "start",
      "build",
      "app",
      "submit",
      "deploy",
      "fixture",
      "test:terraform",
      "cdktn",
    ]),
  );
});

describe.each(COMMANDS)("npm run $name", ({ name, program }) => {
  let help: Finished;
  beforeAll(async () => {
    help = await runs(program, ["--help"]);
  });

  it("prints its usage, and so does each of its subcommands", async () => {
    expect(help).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining(`Usage: npm run ${name} --`),
    });
    for (const subcommand of subcommandsIn(help.stdout))
      expect(await runs(program, [subcommand, "--help"])).toMatchObject({
        code: 0,
        stderr: "",
        stdout: expect.stringContaining(`Usage: npm run ${name} -- ${subcommand}`),
      });
  });

  it("refuses an option and an argument that it does not know, in one line", async () => {
    const typed = [
      ["--no-such-option"],
      ["no-such-argument", "another", "third", "fourth", "fifth"],
      ...subcommandsIn(help.stdout).map((subcommand) => [subcommand, "--no-such-option"]),
    ];
    for (const args of typed) {
      const { code, stdout, stderr } = await runs(program, args);
      expect({ args, code, stdout, stderr: isOneLine(stderr) ? "one line" : stderr }).toEqual({
        args,
        code: 2,
        stdout: "",
        stderr: "one line",
      });
    }
  });
});

it("has written nothing, asked for help or for what it does not know", () => {
  expect(written()).toEqual(before);
});

it.each([
  ["submit", ["nowhere.json"]],
  ["submit", ["{here}"]],
  ["account", ["synth", "--account", "nowhere"]],
  ["account", ["synth", "--settings", "nowhere.json"]],
  ["deploy", ["plan", "nowhere"]],
  ["deploy", ["apply", "nowhere"]],
  ["deploy", ["apply", "dev", "--plan", "nowhere"]],
  ["deploy", ["drift", "nowhere"]],
  ["deploy", ["status", "nowhere"]],
  ["deploy", ["outputs", "nowhere"]],
  ["emulate", ["nowhere"]],
  ["preview", ["create", "nowhere"]],
  ["preview", ["file", "1", "--from", "nowhere"]],
  ["preview", ["list", "--from", "nowhere"]],
  ["release", ["verify", "dev", "--manifest", "nowhere.json"]],
  ["release", ["compare", "nowhere", "dev"]],
  ["release", ["promotable", "nowhere"]],
  ["redrive", ["nowhere"]],
  ["replay", ["nowhere", "results/raw/dt=2026-01-01/k.json"]],
  ["replay", ["local", "orders-1.json"]],
  ["smoke", ["nowhere"]],
  ["preflight", ["nowhere"]],
  ["local", ["--stack", "nowhere", "--data", "{here}/data", "--port", "0"]],
  ["local", ["--faults", "nowhere.json", "--data", "{here}/data", "--port", "0"]],
  ["main", ["--environment", "nowhere"]],
  ["synth", ["--environment", "nowhere"]],
  ["soak", ["--orders", "many"]],
  ["console", ["nowhere"]],
  ["console", ["dev", "--port", "many"]],
])("%s %j says in a line what is not there", async (program, args) => {
  const here = temporaryFolder("commands");
  const { code, stderr } = await runs(
    `dist/${program}.js`,
    args.map((arg) => arg.replace("{here}", here)),
  );
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/nowhere|many|orders-/);
  expect(isOneLine(stderr) ? "one line" : stderr).toBe("one line");
});

it.each(["console", "submit", "soak", "redrive", "replay", "smoke", "preflight"])(
  "%s alone asks for what it is to work on",
  async (program) => {
    const { code, stdout, stderr } = await runs(`dist/${program}.js`, []);
    expect({ code, stdout, stderr: isOneLine(stderr) ? "one line" : stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: "one line",
    });
  },
);

const GROUPS = ["account", "deploy", "github", "preview", "release"];

it.each(GROUPS)("%s alone lists what it can do", async (program) => {
  expect(await runs(`dist/${program}.js`, [])).toEqual({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/^Usage: npm run \S+ -- \[options\] \[command\]\n[\s\S]*\nCommands:\n/),
  });
});

it.each([
  ["synth", ["--environment", "dev"], /^synthesizing …\n/],
  ["soak", ["--orders", "1", "--kills", "0"], /^ +0 s {2}starting the platform …\n/],
])("%s says what it is doing before it does it", async (program, args, first) => {
  expect(await runs(`dist/${program}.js`, args)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(first),
  });
});

it.each(["console", "redrive", "smoke"])("%s says where it looked for credentials", async (program) => {
  const { code, stderr } = await runs(`dist/${program}.js`, ["dev"], {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
    HOME: temporaryFolder("home"),
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/no AWS credentials in the environment, the shared files/);
  expect(isOneLine(stderr) ? "one line" : stderr).toBe("one line");
});
