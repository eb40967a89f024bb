import { main } from "../../lib/command";
import type { Finished } from "./process";

type Where = {
  readonly cwd?: string;
  /** What differs from the environment of the tests. */
  readonly changes?: Readonly<Record<string, string>>;
};

/** Runs a command within the test, as a process would: a tenth of its time. Signals and the heap need a process. */
export const runWithin = async (
  program: Parameters<typeof main>[0],
  args: ReadonlyArray<string>,
  { cwd = ".", changes = {} }: Where = {},
): Promise<Finished> => {
  let stdout = "";
  let stderr = "";
  const spies = [
    jest.spyOn(console, "log").mockImplementation((line) => void (stdout += `${String(line)}\n`)),
    jest.spyOn(console, "error").mockImplementation((line) => void (stderr += `${String(line)}\n`)),
    jest.spyOn(process.stdout, "write").mockImplementation((text) => (stdout += String(text)) !== ""),
    jest.spyOn(process.stderr, "write").mockImplementation((text) => (stderr += String(text)) !== ""),
    // `main` listens once a process.
    jest.spyOn(process.stdout, "on").mockReturnThis(),
    jest.spyOn(process.stderr, "on").mockReturnThis(),
  ];
  const folder = process.cwd();
  const environment = { ...process.env };
  process.chdir(cwd);
  Object.assign(process.env, changes);
  process.exitCode = 0;
  await main(program, args);
  const code = process.exitCode;
  process.exitCode = undefined;
  process.chdir(folder);
  for (const name of Object.keys(changes)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  for (const spy of spies) spy.mockRestore();
  return { code, stdout, stderr };
};
