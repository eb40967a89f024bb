/** `npm run checkov`: Checkov itself over every synthesized stack; what it finds is argued for, or is a failure. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { command, Ended, failure, main, run } from "../../lib/command";
import { jsonOrUndefined } from "../../lib/json";
import { runProgram } from "../../lib/process";
import { changed } from "./changed";
import { type Deviation, DEVIATIONS } from "./deviations";
import { SEEN } from "./seen";

const VERSION = "3.3.30";
const MISSING = `checkov is not there: python3 -m venv FOLDER && FOLDER/bin/pip install checkov==${VERSION}, and CHECKOV=FOLDER/bin/checkov npm run checkov`;

const Finding = t.type({ check_id: t.string, check_name: t.string, file_path: t.string, resource: t.string });
const Scanned = t.type({
  summary: t.type({ passed: t.number, failed: t.number, parsing_errors: t.number }),
  results: t.type({ failed_checks: t.array(Finding) }),
});

const Stack = t.type({ provider: t.UnknownRecord, resource: t.UnknownRecord });

const program = async (name: string, args: ReadonlyArray<string>): Promise<string> => {
  const done = await runProgram(name, args, { cwd: ".", env: process.env })();
  if (isLeft(done)) throw new Ended(failure(2, MISSING));
  const { code, stdout, stderr } = done.right;
  if (code !== 0) throw new Ended(failure(1, stderr === "" ? stdout : stderr));
  return stdout;
};

/** Checkov reads of Terraform's JSON what says something of resources; of the rest, not all. */
const copyStacks = (from: string, to: string): void => {
  for (const name of readdirSync(join(from, "stacks"))) {
    const stack = jsonOrUndefined(readFileSync(join(from, "stacks", name, "cdk.tf.json"), "utf8"));
    if (!Stack.is(stack)) throw new Ended(failure(1, `${name}: its stack has no resources`));
    mkdirSync(join(to, name), { recursive: true });
    const { provider, resource } = stack;
    writeFileSync(join(to, name, "cdk.tf.json"), JSON.stringify({ provider, resource }));
  }
};

/** prod's stack, changed so that Checkov must see it: it would be blind otherwise, and say nothing. */
const BROKEN = "broken";

const breakProd = (stacks: string): void => {
  const prod = jsonOrUndefined(readFileSync(join(stacks, "prod", "cdk.tf.json"), "utf8"));
  mkdirSync(join(stacks, BROKEN));
  writeFileSync(
    join(stacks, BROKEN, "cdk.tf.json"),
    JSON.stringify(SEEN.reduce((stack, change) => changed(stack, change), prod)),
  );
};

type Found = t.TypeOf<typeof Finding> & { readonly stack: string };

const argues = ({ checks, where }: Deviation, { check_id, stack, resource }: Found): boolean =>
  checks.includes(check_id) && (where?.holds(stack, resource) ?? true);

const scan = async (folder: string): Promise<number> => {
  const [out, copies] = [join(folder, "out"), join(folder, "stacks")];
  console.log("synthesizing every environment and account …");
  await program(process.execPath, [join(__dirname, "main.js"), "--outdir", out]);
  await program(process.execPath, [join(__dirname, "account.js"), "synth", "--outdir", out]);
  copyStacks(out, copies);
  breakProd(copies);
  console.log("scanning …");
  const said = await program(process.env["CHECKOV"] ?? "checkov", [
    ...["-d", copies, "--framework", "terraform_json", "--output", "json"],
    ...["--skip-download", "--soft-fail", "--quiet", "--compact"],
  ]);
  const scanned = jsonOrUndefined(said.slice(said.indexOf("{")));
  if (!Scanned.is(scanned))
    throw new Ended(failure(1, `checkov's answer is not understood: ${said.slice(0, 500)}`));
  const { summary, results } = scanned;
  if (summary.parsing_errors > 0 || summary.passed === 0)
    throw new Ended(failure(1, `checkov could not read the stacks: ${JSON.stringify(summary)}`));
  const all = results.failed_checks.map((one) => ({ ...one, stack: basename(join(one.file_path, "..")) }));
  const broken = new Set(all.filter(({ stack }) => stack === BROKEN).map(({ check_id }) => check_id));
  const found = all.filter(({ stack }) => stack !== BROKEN);
  const unargued = found.filter((finding) => !DEVIATIONS.some((deviation) => argues(deviation, finding)));
  const wrong = [
    ...unargued.map(
      ({ check_id, check_name, stack, resource }) => `${stack}: ${resource}: ${check_id}: ${check_name}`,
    ),
    ...DEVIATIONS.filter((deviation) => !found.some((finding) => argues(deviation, finding))).map(
      ({ checks, asks }) => `deviations.ts: nothing is found any more by ${checks.join(", ")} (${asks})`,
    ),
    ...SEEN.filter(({ check }) => !broken.has(check)).map(
      ({ check, path }) => `seen.ts: Checkov does not see by ${check} that ${path} was changed`,
    ),
  ];
  for (const line of wrong) console.log(line);
  console.log(
    `${found.length - unargued.length} findings are argued for in SECURITY.md, ${unargued.length} are not; ${SEEN.length} changes of prod for the worse were seen`,
  );
  return wrong.length === 0 ? 0 : 1;
};

const checkov = command("checkov")
  .description(
    "scan every synthesized stack with Checkov; a finding that SECURITY.md does not argue for is a failure, and so is a change for the worse that it does not see",
  )
  .addHelpText(
    "after",
    `
Environment: CHECKOV, the program (default: checkov on the PATH), version ${VERSION}.

Exit status: 0 every finding is argued for; 1 one is not, or Checkov is blind; 2 Checkov is not there.`,
  )
  .action(() =>
    run(2, async () => {
      const folder = mkdtempSync(join(tmpdir(), "orders-checkov-"));
      try {
        return await scan(folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
  );

void main(checkov);
