/**
 * `npm run audit [-- --registry URL]`: known vulnerabilities of what is bundled into the functions, as the
 * registry knows them today. Exits 1 if there is one. A registry that answers no audits is said and is no
 * failure: the next run somewhere else finds out.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as E from "fp-ts/Either";
import * as t from "io-ts";

const { values: options } = parseArgs({ options: { registry: { type: "string" } } });

const Advisory = t.type({ title: t.string, url: t.string, severity: t.string });
const Report = t.type({
  vulnerabilities: t.record(t.string, t.type({ via: t.array(t.union([t.string, Advisory])) })),
});
const Refusal = t.type({ message: t.string });
const Packages = t.array(t.string);

const bundled = Packages.decode(
  JSON.parse(readFileSync(join(__dirname, "functions", "packages.json"), "utf8")),
);
if (E.isLeft(bundled)) throw new Error("dist/functions/packages.json is not what npm run build writes");

const registry = options.registry === undefined ? [] : ["--registry", options.registry];
const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json", "--fetch-retries=1", ...registry], {
  cwd: join(__dirname, ".."),
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
const answer: unknown = JSON.parse(stdout.trim() === "" ? "null" : stdout);

if (Report.is(answer)) {
  const found = bundled.right.flatMap((name) =>
    (answer.vulnerabilities[name]?.via ?? [])
      .filter(Advisory.is)
      .map(({ title, severity, url }) => `${name}: ${severity}: ${title} (${url})`),
  );
  for (const line of found) console.error(line);
  console.log(
    found.length === 0
      ? `no known vulnerability in the ${bundled.right.length} packages bundled into the functions`
      : `${found.length} known vulnerabilities: update those packages`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} else {
  console.log(
    `SKIPPED: the registry answers no audits${Refusal.is(answer) ? ` (${answer.message.split(" - ")[0] ?? ""})` : ""}`,
  );
}
