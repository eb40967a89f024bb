import { readFileSync } from "node:fs";
import { type Finished, run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

/** Every command as somebody types it who does not know it yet. */

jest.setTimeout(120_000);

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

/** The commands that are this project's own, and the program that each runs; others are tools with their own help. */
const COMMANDS = Object.entries(scripts).flatMap(([name, script]) => {
  const program = /(?:^|&& )(?:exec )?node (\S+)$/.exec(script)?.[1];
  return program === undefined || name === "cdktf" ? [] : [{ name, program }];
});

const runs = (program: string, args: ReadonlyArray<string>, changes = {}): Promise<Finished> =>
  run(process.execPath, [program, ...args], { changes });

const subcommandsIn = (help: string): ReadonlyArray<string> =>
  [...(help.split("\nCommands:\n")[1] ?? "").matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name);

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
  it("prints its usage and does nothing, and so does each of its subcommands", async () => {
    const help = await runs(program, ["--help"]);
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
    const { stdout: help } = await runs(program, ["--help"]);
    const subcommands = subcommandsIn(help);
    const typed = [
      ["--no-such-option"],
      ["no-such-argument", "another", "third", "fourth", "fifth"],
      ...subcommands.map((subcommand) => [subcommand, "--no-such-option"]),
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

it.each([
  ["submit", ["nowhere.json"]],
  ["submit", ["{here}"]],
  ["account", ["synth", "--settings", "nowhere.json"]],
  ["deploy", ["plan", "nowhere"]],
  ["release", ["verify", "dev", "--manifest", "nowhere.json"]],
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

it.each(["submit", "soak", "redrive", "replay", "smoke", "preflight"])(
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

it.each(["redrive", "smoke"])("%s says where it looked for credentials", async (program) => {
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
