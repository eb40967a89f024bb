import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, parseJson } from "./json";
import { root } from "./paths";
import { StartError } from "./start-error";

const ENVIRONMENT = "local";

/** How the API is authorized, in the words of an environment file's `api.auth`. */
export type ApiAuth =
  | { readonly type: "iam" }
  | { readonly type: "jwt"; readonly issuer: string; readonly audience: ReadonlyArray<string> };

/** The environment files with another `api.auth` in the local one; the codec reads the result as any other. */
const environmentsWith = (auth: ApiAuth, outdir: string): string => {
  const from = process.env["ORDERS_ENVIRONMENTS"] ?? join(root, "environments");
  const file = join(from, `${ENVIRONMENT}.json`);
  const environment = parseJson(readFileSync(file, "utf8"));
  const api = isObject(environment) ? environment["api"] : undefined;
  if (!isObject(environment) || !isObject(api)) throw new StartError(`${file}: has no api`);
  const folder = `${outdir}-environments`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${ENVIRONMENT}.json`),
    JSON.stringify({ ...environment, api: { ...api, auth } }),
  );
  return folder;
};

/**
 * Runs the cdktf app for the local environment. Returns the stack's folder; what the app says is a StartError.
 * @param auth in place of the environment's own
 */
export const synthesize = (outdir: string, auth: ApiAuth | undefined): Promise<string> =>
  new Promise((resolve, reject) => {
    const app = join(root, "dist", "main.js");
    if (!existsSync(app)) {
      reject(new StartError(`${app} is not built: run npm run build`));
      return;
    }
    execFile(
      process.execPath,
      [app, "--environment", ENVIRONMENT, "--outdir", outdir],
      {
        cwd: root,
        env: {
          ...process.env,
          CI: "true",
          ...(auth === undefined ? {} : { ORDERS_ENVIRONMENTS: environmentsWith(auth, outdir) }),
        },
      },
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
