/** The programs that docs/api.md shows, run against an API that asks for signatures. */
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

const page = readFileSync("docs/api.md", "utf8");
/** The one block of a language that begins with, or has, these words. */
const block = (language: string, words: string): string =>
  [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find(
    ([, of, text = ""]) => of === language && text.includes(words),
  )?.[2] ?? "";

let platform: PlatformProcess;
const folder = temporaryFolder("samples");
beforeAll(async () => {
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  platform = await startProcess(["--data", newFolder(), "--schedule", "off", "--auth", "iam"]);
});
afterAll(endAll);

/** Runs a program from the page; it prints the answer. */
const runSample = (program: string, file: string, text: string) => {
  const path = join(folder, file);
  writeFileSync(path, text.replaceAll("http://127.0.0.1:3000", platform.apiUrl));
  return run(program, [path], {
    cwd: folder,
    changes: {
      API: platform.apiUrl,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SESSION_TOKEN: "",
    },
  });
};
const stored = (order_id: number) => ({ orders: [{ order_id, outcome: "stored", status: "received" }] });

it("curl posts a signed order", async () => {
  const { code, stdout, stderr } = await runSample("sh", "sample.sh", block("sh", "--aws-sigv4"));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual(stored(104));
});

it("TypeScript posts a signed order, and fits the types of the API", async () => {
  copyFileSync("cli/orders-api/schema.d.ts", join(folder, "orders-api.d.ts"));
  const { code, stdout, stderr } = await runSample(
    process.execPath,
    "sample.mts",
    block("ts", "SignatureV4"),
  );
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual(stored(105));
  const strictly = ["--noEmit", "--strict", "--skipLibCheck", "--target", "esnext", "--types", "node"];
  const found = await run(
    process.execPath,
    [resolve("node_modules/typescript/bin/tsc"), ...strictly, "--moduleResolution", "bundler", "sample.mts"],
    { cwd: folder },
  );
  expect(found).toMatchObject({ code: 0, stdout: "" });
});

/** `.ci/run` names one that has botocore: there this is no choice. */
const required = process.env["ORDERS_PYTHON"];
const python = required ?? "python3";
const hasBotocore = spawnSync(python, ["-c", "import botocore"]).status === 0;
const name = "Python posts a signed order";

if (hasBotocore || required !== undefined)
  it(name, async () => {
    const { code, stdout, stderr } = await runSample(python, "sample.py", block("python", "SigV4Auth"));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(stored(103));
  });
else
  it.skip(`${name} (python3 has no botocore: pip install botocore, or name one in ORDERS_PYTHON)`, () =>
    undefined);

it(".ci/run installs what npm run contract asks for, and the pages run with", () => {
  const asked = /const INSTALL = "(.*)"/.exec(readFileSync("test/contract/contract.ts", "utf8"))?.[1];
  const [, installed] =
    /python\/bin\/pip" install --quiet --disable-pip-version-check (.*) &&$/m.exec(
      readFileSync(".ci/run", "utf8"),
    ) ?? [];
  expect(asked).toBeDefined();
  expect(installed).toBe(asked);
});
