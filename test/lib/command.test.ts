import * as TE from "fp-ts/TaskEither";
import { command, failure, main, perform } from "../../lib/command";

const printed: string[] = [];
const wrote: unknown[] = [];

beforeEach(() => {
  printed.length = 0;
  wrote.length = 0;
  jest.spyOn(console, "log").mockImplementation((line) => void printed.push(String(line)));
  jest.spyOn(console, "error").mockImplementation((line) => void printed.push(String(line)));
  jest.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  jest.spyOn(process.stderr, "write").mockImplementation((text) => printed.push(String(text)) > 0);
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  delete process.env["npm_config_dry_run"];
});

const wipe = (task: TE.TaskEither<ReturnType<typeof failure>, ReadonlyArray<string>> = TE.right(["wiped"])) =>
  command("wipe")
    .argument("<environment>")
    .option("--dry-run", "only show")
    .action((environment, options) => {
      wrote.push({ environment, ...options });
      return perform(task);
    });

const run = async (argv: ReadonlyArray<string>, program = wipe()) => {
  await main(program, argv);
  const status = process.exitCode ?? 0;
  return { status, text: printed.join("\n") };
};

describe("a command", () => {
  it("acts with its arguments and prints its lines", async () => {
    expect(await run(["dev", "--dry-run"])).toEqual({ status: 0, text: "wiped" });
    expect(wrote).toEqual([{ environment: "dev", dryRun: true }]);
  });

  it("prints its failure and ends with the failure's status", async () => {
    const { status, text } = await run(["dev"], wipe(TE.left(failure(5, "it is locked"))));
    expect({ status, text }).toEqual({ status: 5, text: "it is locked" });
  });

  it.each([["--help"], ["dev", "--help"], ["-h"]])(
    "prints its usage and does nothing: %s",
    async (...argv) => {
      const { status, text } = await run(argv);
      expect(status).toBe(0);
      expect(text).toContain("Usage: npm run wipe -- [options] <environment>");
      expect(wrote).toEqual([]);
    },
  );

  it.each([
    [["dev", "--dry-rum"], "--dry-run"],
    [["dev", "prod"], "too many arguments"],
    [[], "missing required argument 'environment'"],
  ])("does nothing when it is typed wrong: %s", async (argv, said) => {
    const { status, text } = await run(argv);
    expect(status).toBe(2);
    expect(text).toContain(said);
    expect(wrote).toEqual([]);
  });

  it("refuses an option that npm has kept for itself", async () => {
    process.env["npm_config_dry_run"] = "true";
    const { status, text } = await run(["dev"]);
    expect(status).toBe(2);
    expect(text).toContain("npm kept --dry-run for itself");
    expect(wrote).toEqual([]);
  });

  it("shows no stack trace of what should not have happened", async () => {
    const { status, text } = await run(
      ["dev"],
      wipe(() => Promise.reject(new Error("boom"))),
    );
    expect({ status, text }).toEqual({ status: 70, text: "wipe: boom" });
  });
});
