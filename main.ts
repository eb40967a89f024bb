import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { App } from "cdktf";
import { isLeft } from "fp-ts/Either";
import { loadEnvironments } from "./environments/load";
import { currentCommit, currentVersion } from "./stacks/checkout";
import { complete } from "./stacks/complete";
import { OrdersStack } from "./stacks/orders-stack";
import { addRelease, bundlesDigest } from "./stacks/release";

/**
 * The cdktf app: one stack per environment file. `--environment NAME` leaves the others out, `--outdir DIR`
 * writes elsewhere; ORDERS_ENVIRONMENTS names another folder of environment files.
 */
const { values: options } = parseArgs({
  options: { environment: { type: "string", multiple: true }, outdir: { type: "string" } },
});

const fail = (lines: ReadonlyArray<string>): never => {
  console.error(lines.join("\n"));
  process.exit(1);
};

// A stack trace per token is a fifth of the time synthesis takes, and nobody reads them.
Error.stackTraceLimit = 0;

const folder = process.env["ORDERS_ENVIRONMENTS"] ?? "environments";
const loaded = loadEnvironments(folder);
const environments = isLeft(loaded) ? fail(loaded.left.map((line) => join(folder, line))) : loaded.right;
const wanted = options.environment ?? environments.map(({ name }) => name);
const unknown = wanted.filter((name) => !environments.some((environment) => environment.name === name));
if (unknown.length > 0) fail(unknown.map((name) => `${folder}: there is no environment ${name}`));

const bundles = resolve("dist/functions");
if (!existsSync(bundles)) fail([`${bundles}: there are no function bundles; make them with: npm run build`]);

const app = new App({
  skipValidation: false,
  ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
});
const chosen = environments.filter(({ name }) => wanted.includes(name));
for (const environment of chosen) new OrdersStack(app, environment, bundles);
app.synth();
const origin = { version: currentVersion(), commit: currentCommit(), bundles: bundlesDigest(bundles) };
for (const { name, preview } of chosen) {
  const folder = join(app.outdir, "stacks", name);
  complete(folder);
  addRelease(folder, preview === undefined ? origin : { ...origin, preview });
}
