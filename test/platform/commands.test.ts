import { globSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as t from "io-ts";
import { builtIn } from "../support/checkout";
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

type Typed = readonly [program: string, ...args: ReadonlyArray<string>];

/** What came of each command that was typed. */
const ended = new Map<string, Finished>();
const endOf = (...typed: Typed): Finished | undefined => ended.get(JSON.stringify(typed));

/** Subcommands, of a program that has said its help. */
const subcommandsOf = (program: string): ReadonlyArray<string> =>
  subcommandsIn(endOf(program, "--help")?.stdout ?? "");

/** What a program may be typed with although it knows none of it. */
const unknownTo = (program: string): ReadonlyArray<ReadonlyArray<string>> => [
  ["--no-such-option"],
  ["no-such-argument", "another", "third", "fourth", "fifth"],
  ...subcommandsOf(program).map((subcommand) => [subcommand, "--no-such-option"]),
];

beforeAll(async () => {
  clone = join(temporaryFolder("commands"), "clone");
  builtIn(clone);
  before = written();
  const programs = COMMANDS.map(({ program }) => program);
  await runAll(programs.map((program) => [program, "--help"]));
  await runAll(
    programs.flatMap((program): ReadonlyArray<Typed> => [
      ...subcommandsOf(program).map((subcommand): Typed => [program, subcommand, "--help"]),
      ...unknownTo(program).map((args): Typed => [program, ...args]),
    ]),
  );
});

/** Every file of the clone, with when it was written; but for packages, and what the engine keeps. */
const written = (): ReadonlyArray<string> =>
  globSync("**", { cwd: clone, exclude: (name) => [".git", "node_modules", ".compiled"].includes(name) })
    .map((file) => [file, statSync(join(clone, file))] as const)
    .flatMap(([file, found]) => (found.isFile() ? [`${file} ${found.mtimeMs}`] : []))
    .sort();

const runs = (program: string, args: ReadonlyArray<string>, changes = {}): Promise<Finished> =>
  run(process.execPath, [program, ...args], { cwd: clone, changes });

const AllEnded = t.array(t.type({ code: t.number, stdout: t.string, stderr: t.string }));

/** Runs what is built in one process, and the rest in processes of their own. */
const runAll = async (typed: ReadonlyArray<Typed>): Promise<void> => {
  const built = typed.filter(([program]) => program.startsWith("dist/"));
  const { stdout } = await runs(
    resolve("test/platform/support/run-in-one.mts"),
    built.map((one) => JSON.stringify(one)),
  );
  const all: unknown = JSON.parse(stdout);
  if (!AllEnded.is(all) || all.length < built.length) throw new Error(`not what came of them: ${stdout}`);
  all.forEach((one, index) => ended.set(JSON.stringify(built[index]), one));
  for (const one of typed.filter((other) => !built.includes(other))) {
    const [program, ...args] = one;
    ended.set(JSON.stringify(one), await runs(program, args));
  }
};

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
  const usage = (typed: string) => ({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining(`Usage: npm run ${typed}`),
  });

  it("prints its usage, and so does each of its subcommands", () => {
    expect(endOf(program, "--help")).toMatchObject(usage(`${name} --`));
    for (const subcommand of subcommandsOf(program))
      expect(endOf(program, subcommand, "--help")).toMatchObject(usage(`${name} -- ${subcommand}`));
  });

  it("refuses an option and an argument that it does not know, in one line", () => {
    for (const args of unknownTo(program)) {
      const { code, stdout, stderr = "" } = endOf(program, ...args) ?? {};
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
