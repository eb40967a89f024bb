import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../../environments/environment";
import { newFolder } from "./fixture";

const read = (): Environment => JSON.parse(readFileSync("environments/local.json", "utf8")) as Environment;

/** Synthesizes the local environment with something changed in its file; returns the stack's folder. */
export const synthesizeLocal = (change: (environment: Environment) => Environment): string => {
  const folder = newFolder();
  const environments = join(folder, "environments");
  mkdirSync(environments);
  writeFileSync(join(environments, "local.json"), JSON.stringify(change(read())));
  const outdir = join(folder, "out");
  execFileSync(process.execPath, ["dist/main.js", "--environment", "local", "--outdir", outdir], {
    env: { ...process.env, ORDERS_ENVIRONMENTS: environments, CI: "true" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(outdir, "stacks", "local");
};
