import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths";
import { StartError } from "../start-error";

const ENVIRONMENT = "local";

/** Runs the cdktf app for the local environment. Returns the stack's folder; what the app says is a StartError. */
export const synthesize = (outdir: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const app = join(root, "dist", "main.js");
    if (!existsSync(app)) {
      reject(new StartError(`${app} is not built: run npm run build`));
      return;
    }
    execFile(
      process.execPath,
      [app, "--environment", ENVIRONMENT, "--outdir", outdir],
      { cwd: root, env: { ...process.env, CI: "true" } },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(join(outdir, "stacks", ENVIRONMENT));
          return;
        }
        const said = `${stderr.trim()}\n${stdout.trim()}`.trim();
        reject(new StartError(said === "" ? `the cdktf app failed: ${error.message}` : said));
      },
    );
  });
