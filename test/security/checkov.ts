/** `npm run checkov`: Checkov itself over every synthesized stack; what it finds is argued for, or is a failure. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { command, Ended, failure, main, run } from "../../lib/command";
import { jsonOrUndefined } from "../../lib/json";
import { runProgram } from "../../lib/process";
import { RULES } from "./rules/rules";
import { DEVIATIONS } from "./rules/scanners";

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

const ARGUED = new Set(DEVIATIONS.flatMap(({ ids }) => ids));

/** Whether we say why: it is a deviation, or a rule that is kept in part or elsewhere only. */
const isArgued = (id: string, stack: string): boolean =>
  ARGUED.has(id) ||
  RULES.some(
    ({ checkov = [], apart, only }) =>
      checkov.includes(id) &&
      (apart !== undefined ||
        // What holds for an environment's stack says nothing of an account's.
        (only !== undefined && only.environments !== "every deployed environment"
          ? !only.environments.includes(stack)
          : only !== undefined && stack === "local")),
  );

const scan = async (folder: string): Promise<number> => {
  const [out, copies] = [join(folder, "out"), join(folder, "stacks")];
  console.log("synthesizing every environment and account …");
  await program(process.execPath, [join(__dirname, "main.js"), "--outdir", out]);
  await program(process.execPath, [join(__dirname, "account.js"), "synth", "--outdir", out]);
  copyStacks(out, copies);
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
  const found = results.failed_checks.map((one) => ({
    ...one,
    stack: basename(join(one.file_path, "..")),
  }));
  const unargued = found.filter(({ check_id, stack }) => !isArgued(check_id, stack));
  for (const { check_id, check_name, stack, resource } of unargued)
    console.log(`${stack}: ${resource}: ${check_id}: ${check_name}`);
  console.log(
    `${summary.passed} checks passed, ${found.length - unargued.length} findings are argued for in SECURITY.md, ${unargued.length} are not`,
  );
  return unargued.length === 0 ? 0 : 1;
};

const checkov = command("checkov")
  .description(
    "scan every synthesized stack with Checkov; a finding that SECURITY.md does not argue for is a failure",
  )
  .addHelpText(
    "after",
    `
Environment: CHECKOV, the program (default: checkov on the PATH), version ${VERSION}.

Exit status: 0 every finding is argued for; 1 one is not; 2 Checkov is not there.`,
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
