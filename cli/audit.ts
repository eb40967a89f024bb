/** `npm run audit`: known vulnerabilities of what is bundled into the functions, as the registry knows them today. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { command, Ended, failure, main, run } from "../lib/command";
import { jsonOrUndefined } from "../lib/json";

const Advisory = t.type({ title: t.string, url: t.string, severity: t.string });
const Report = t.type({
  vulnerabilities: t.record(t.string, t.type({ via: t.array(t.union([t.string, Advisory])) })),
});
/** What npm says when the registry could not be reached, or refused. */
const Refusal = t.type({ message: t.string });
/** What npm says when it did not ask at all, e.g. without a lock file. */
const Failure = t.type({ error: t.type({ summary: t.string }) });
const Packages = t.array(t.string);

const notAsked = (why: string): Ended => new Ended(failure(2, `the registry was not asked: ${why}`));

/** What is bundled into the functions, as the build lists it. */
const bundledPackages = (): ReadonlyArray<string> => {
  const list = join(__dirname, "functions", "packages.json");
  const bundled = jsonOrUndefined(existsSync(list) ? readFileSync(list, "utf8") : "");
  if (!Packages.is(bundled))
    throw notAsked(`${list} does not list the packages in the bundles; make it with: npm run build`);
  return bundled;
};

const audit = (registry: string | undefined): number => {
  const packages = bundledPackages();
  const npm = spawnSync(
    "npm",
    [
      "audit",
      "--omit=dev",
      "--json",
      "--fetch-retries=1",
      ...(registry === undefined ? [] : ["--registry", registry]),
    ],
    { cwd: join(__dirname, ".."), encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (npm.error !== undefined) throw notAsked(`npm could not be run: ${npm.error.message}`);
  const answer = jsonOrUndefined(npm.stdout);
  if (Refusal.is(answer)) {
    console.log(`SKIPPED: the registry answers no audits (${answer.message.split(" - ")[0] ?? ""})`);
    return 0;
  }
  if (!Report.is(answer)) throw notAsked(Failure.is(answer) ? answer.error.summary : npm.stderr.trim());
  const found = packages.flatMap((name) =>
    (answer.vulnerabilities[name]?.via ?? [])
      .filter(Advisory.is)
      .map(({ title, severity, url }) => `${name}: ${severity}: ${title} (${url})`),
  );
  for (const line of found) console.error(line);
  console.log(
    found.length === 0
      ? `no known vulnerability in the ${packages.length} packages bundled into the functions`
      : `${found.length} known vulnerabilities: update those packages`,
  );
  return found.length === 0 ? 0 : 1;
};

const program = command("audit")
  .description("ask the registry for known vulnerabilities of what is bundled into the functions")
  .option("--registry <url>", "another registry than npm's configuration names")
  .addHelpText(
    "after",
    `
A registry that answers no audits is no failure: it prints SKIPPED, and the next run somewhere else finds out.

Exit status: 0 there is none, or the registry does not say; 1 there is one; 2 it was not asked.`,
  )
  .action(({ registry }) => run(2, () => audit(registry)));

void main(program);
