import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { loadEnvironments } from "./environments/load";
import { unknownEnvironment } from "./environments/named";
import { command, Ended, failure, main, run } from "./lib/command";
import { synthesized } from "./stacks/app";
import { currentCommit, currentVersion } from "./stacks/checkout";
import { addRunFiles } from "./stacks/run-files";
import { OrdersStack } from "./stacks/orders-stack";
import { addRelease, bundlesDigest } from "./stacks/release";

type Options = { readonly environment: ReadonlyArray<string>; readonly outdir?: string | undefined };

const faulty = (lines: ReadonlyArray<string>): Ended => new Ended(failure(1, lines.join("\n")));

/** The selected environments of a folder: all of them, where none was selected. */
const chosen = (folder: string, names: ReadonlyArray<string>) =>
  pipe(
    loadEnvironments(folder),
    E.mapLeft((lines) => lines.map((line) => join(folder, line))),
    E.flatMap((environments) => {
      const known = environments.map(({ name }) => name);
      const unknown = names.filter((name) => !known.includes(name));
      return unknown.length === 0
        ? E.right(environments.filter(({ name }) => names.length === 0 || names.includes(name)))
        : E.left(unknown.map((name) => `${folder}: ${unknownEnvironment(name, known)}`));
    }),
    E.getOrElseW((lines) => {
      throw faulty(lines);
    }),
  );

const synthesize = ({ environment: names, outdir }: Options): number => {
  const environments = chosen(process.env["ORDERS_ENVIRONMENTS"] ?? "environments", names);
  const bundles = resolve("dist/functions");
  if (!existsSync(bundles))
    throw faulty([`${bundles}: there are no function bundles; make them with: npm run build`]);
  const app = synthesized(outdir, (made) => {
    for (const environment of environments) new OrdersStack(made, environment, bundles);
  });
  const origin = { version: currentVersion(), commit: currentCommit(), bundles: bundlesDigest(bundles) };
  for (const { name, preview } of environments) {
    const folder = join(app.outdir, "stacks", name);
    addRunFiles(folder);
    addRelease(folder, preview === undefined ? origin : { ...origin, preview });
  }
  return 0;
};

const program = command("app")
  .description("the cdktf app: one stack for each environment file")
  .option("--environment <name...>", "only these", [])
  .option("--outdir <dir>", "where to write (default: what cdktf says, or cdktf.out)")
  .addHelpText("after", "\nEnvironment: ORDERS_ENVIRONMENTS, another folder of environment files.")
  .action((options) => run(1, () => synthesize(options)));

void main(program);
