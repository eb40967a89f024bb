import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";
import { Providers } from "./provider.mts";

/** A program in the provider's place: it tells its process, key file and folder as the provider tells its socket. */
const standInProgram = (says: string): string => {
  const program = join(temporaryFolder("provider"), "provider");
  writeFileSync(program, `#!/bin/sh\n${says}\n`);
  chmodSync(program, 0o755);
  return program;
};
const SERVES = `echo "TF_REATTACH_PROVIDERS='$$ $AWS_SHARED_CREDENTIALS_FILE $PWD $1'"
while :; do sleep 1; done`;

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  TMPDIR: temporaryFolder("sockets"),
  AWS_ACCESS_KEY_ID: "first",
  AWS_SECRET_ACCESS_KEY: "secret",
});

const told = (reattach: string | undefined) => {
  const [pid, credentials = "", folder, flag] = (reattach ?? "").split(" ");
  return { pid: Number(pid), credentials, folder, flag };
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** What was killed is there until its parent, or whoever inherits it, has looked. */
const untilGone = async (pid: number): Promise<void> => {
  while (isRunning(pid)) await sleep(20);
};

let providers: Providers;
afterEach(() => providers.endAll());

it("starts one in each folder, which signs with the key it was given last, and ends them", async () => {
  providers = new Providers(standInProgram(SERVES), environment());
  const [dev, prod] = [temporaryFolder("dev"), join(temporaryFolder("prod"), "not", "there")];
  const first = await providers.in(dev);
  const { pid, credentials, ...others } = told(first.env["TF_REATTACH_PROVIDERS"]);
  expect(others).toEqual({ folder: dev, flag: "-debug" });
  expect(readFileSync(credentials, "utf8")).toMatch(/_id = first\n.*key = secret\n$/);
  first.signWith("second");
  expect(readFileSync(credentials, "utf8")).toContain("_id = second\n");
  expect(await providers.in(dev)).toBe(first);
  const other = told((await providers.in(prod)).env["TF_REATTACH_PROVIDERS"]);
  expect(readFileSync(other.credentials, "utf8")).toContain("_id = first\n");

  await providers.end(dev);
  await untilGone(pid);
  expect(isRunning(other.pid)).toBe(true);
  await providers.endAll();
  await untilGone(other.pid);
});

it("lets none outlive who started it, however that ended", async () => {
  providers = new Providers("", {});
  const folder = temporaryFolder("killed");
  mkdirSync(join(folder, "tmp"));
  const starter = join(folder, "starter.mts");
  writeFileSync(
    starter,
    `import { Providers } from ${JSON.stringify(join(process.cwd(), "test", "terraform", "provider.mts"))};
const env = { ...process.env, TMPDIR: ${JSON.stringify(join(folder, "tmp"))} };
const { env: told } = await new Providers(${JSON.stringify(standInProgram(SERVES))}, env).in(${JSON.stringify(folder)});
console.log(told["TF_REATTACH_PROVIDERS"]);
process.kill(process.pid, "SIGKILL");\n`,
  );
  const { code, stdout } = await run(process.execPath, [starter]);
  expect(code).toBe(-1);
  const { pid } = told(stdout);
  expect(pid).toBeGreaterThan(1);
  await untilGone(pid);
});

it("says what a provider said that does not run", async () => {
  providers = new Providers(standInProgram("echo no such flag; exit 1"), environment());
  await expect(providers.in(temporaryFolder("dev"))).rejects.toThrow("does not run: no such flag");
  providers = new Providers("", {});
});
