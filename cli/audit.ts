/**
 * `npm run audit [-- --registry URL]`: known vulnerabilities of what is bundled into the functions, as the
 * registry knows them today. A registry that answers no audits is said and is no failure: the next run somewhere
 * else finds out.
 *
 * Exit status: 0 there is none, or the registry does not say; 1 there is one; 2 it was not asked.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import * as t from "io-ts";

const { values: options } = parseArgs({ options: { registry: { type: "string" } } });

const Advisory = t.type({ title: t.string, url: t.string, severity: t.string });
const Report = t.type({
  vulnerabilities: t.record(t.string, t.type({ via: t.array(t.union([t.string, Advisory])) })),
});
/** What npm says when the registry could not be reached, or refused. */
const Refusal = t.type({ message: t.string });
/** What npm says when it did not ask at all, e.g. without a lock file. */
const Failure = t.type({ error: t.type({ summary: t.string }) });
const Packages = t.array(t.string);

const notAsked = (lines: ReadonlyArray<string>): never => {
  console.error(["audit: the registry was not asked", ...lines].join("\n"));
  process.exit(2);
};

const json = (text: string): unknown =>
  E.toUnion(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => undefined,
    ),
  );

const list = join(__dirname, "functions", "packages.json");
const bundled = Packages.decode(json(existsSync(list) ? readFileSync(list, "utf8") : ""));
if (E.isLeft(bundled))
  notAsked([`${list}: does not list the packages in the bundles; make it with: npm run build`]);
const packages = E.getOrElse((): ReadonlyArray<string> => [])(bundled);

const registry = options.registry === undefined ? [] : ["--registry", options.registry];
const npm = spawnSync("npm", ["audit", "--omit=dev", "--json", "--fetch-retries=1", ...registry], {
  cwd: join(__dirname, ".."),
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
if (npm.error !== undefined) notAsked([`npm could not be run: ${npm.error.message}`]);
const answer = json(npm.stdout);

if (Report.is(answer)) {
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
  process.exitCode = found.length === 0 ? 0 : 1;
} else if (Refusal.is(answer)) {
  console.log(`SKIPPED: the registry answers no audits (${answer.message.split(" - ")[0] ?? ""})`);
} else {
  notAsked([Failure.is(answer) ? answer.error.summary : npm.stderr.trim()]);
}
