/** `npm run contract`: Schemathesis asks the platform on this machine, and holds what it answers to docs/openapi.json. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLeft } from "fp-ts/Either";
import { AUTH, document, written } from "../../cli/openapi/document";
import { command, Ended, failure, main, run } from "../../lib/command";
import { runProgram } from "../../lib/process";
import { endAll, startProcess } from "../platform/support/platform-process";

const INSTALL = "schemathesis==4.32.5 botocore==1.44.8";
const MISSING = `schemathesis is not there: python3 -m venv FOLDER && FOLDER/bin/pip install ${INSTALL}, and SCHEMATHESIS=FOLDER/bin/schemathesis npm run contract`;

type Caller = "anybody" | "signer" | "stranger";

/** Who asks, of an API that asks for what. */
const ROUNDS: ReadonlyArray<readonly [Caller, keyof typeof AUTH, ReadonlyArray<string>]> = [
  ["anybody", "none", ["--max-examples", "30"]],
  ["signer", "iam", ["--max-examples", "15"]],
  ["stranger", "iam", ["--phases", "examples", "--mode", "positive"]],
];

/** What the platform does otherwise than Schemathesis expects, and hooks.py checks instead. */
const EXCLUDED = [
  // 404 for a method that is no route, where it expects 405.
  "unsupported_method",
  // 403 for a request that is not signed, where it expects 401.
  "missing_required_header",
  // 503 where a thousand orders take too long: hooks.py takes no other.
  "not_a_server_error",
  // An order that was cancelled, where it expects 404.
  "use_after_free",
].join(",");

const round = async (
  folder: string,
  [caller, auth, options]: (typeof ROUNDS)[number],
  seed: string,
): Promise<boolean> => {
  const description = join(folder, `${caller}.json`);
  writeFileSync(description, written({ ...document("closed"), security: AUTH[auth] }));
  const platform = await startProcess([
    ...["--data", join(folder, caller), "--schedule", "off"],
    ...(auth === "none" ? [] : ["--auth", auth]),
  ]);
  const done = await runProgram(
    process.env["SCHEMATHESIS"] ?? "schemathesis",
    [
      ...["run", description, "--url", platform.apiUrl, "--checks", "all"],
      ...["--exclude-checks", EXCLUDED, "--seed", seed, "--continue-on-failure", "--no-color", ...options],
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        AWS_REGION: "eu-central-1",
        CONTRACT_CALLER: caller,
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONPATH: join(__dirname, "..", "test", "contract"),
        SCHEMATHESIS_HOOKS: "hooks",
      },
    },
  )();
  await platform.end("SIGTERM");
  if (isLeft(done)) throw new Ended(failure(2, MISSING));
  const { code, stdout, stderr } = done.right;
  const told = /^(\s+\d+ generated.*)$/m.exec(stdout)?.[1]?.trim() ?? "no request was sent";
  console.log(`${caller}, auth ${auth}: ${told}`);
  if (code !== 0) console.log(`${stdout}${stderr}`);
  return code === 0;
};

const contract = command("contract")
  .description("ask the platform on this machine whatever docs/openapi.json allows and forbids")
  .option("--seed <number>", "what the requests are drawn with", "1")
  .addHelpText(
    "after",
    `
Three rounds: an API that asks for nothing, one that asks for signatures, and that without one.

Environment: SCHEMATHESIS, the program (default: schemathesis on the PATH); beside it ${INSTALL}.

Exit status: 0 every answer is as described; 1 one is not; 2 Schemathesis is not there.`,
  )
  .action(({ seed }) =>
    run(2, async () => {
      const folder = mkdtempSync(join(tmpdir(), "orders-contract-"));
      try {
        let kept = true;
        for (const one of ROUNDS) kept = (await round(folder, one, seed)) && kept;
        return kept ? 0 : 1;
      } finally {
        endAll();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
  );

void main(contract);
