import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lambda, newFolder, writeStack } from "./support/fixture";
import { endAll, runToEnd, startProcess } from "./support/platform-process";

afterAll(endAll);

describe("a function's bundle", () => {
  const functions = lambda("f", "exports.handler = async () => 1");
  const stackOf = (change: (filename: string) => object): string => {
    const declared = functions["aws_lambda_function"]?.["f"] as { filename: string };
    return writeStack(functions, {
      aws_lambda_function: { f: { ...declared, ...change(declared.filename) } },
    });
  };

  it("that is not what source_code_hash names is refused by name, with what to do", async () => {
    const data = newFolder();
    const { code, stderr } = await runToEnd([
      "--port",
      "0",
      "--aws-port",
      "0",
      "--data",
      data,
      "--stack",
      stackOf(() => ({ source_code_hash: "other" })),
    ]);
    expect(stderr).toMatch(
      /^aws_lambda_function\.f: filename: .*f\.zip is not the bundle that source_code_hash names: build it again: npm run build\n$/,
    );
    expect(code).toBe(1);
  });

  it("that was emptied is refused by name, with what to do", async () => {
    const empty = join(newFolder(), "f.zip");
    writeFileSync(empty, "");
    const { code, stderr } = await runToEnd([
      "--port",
      "0",
      "--aws-port",
      "0",
      "--data",
      newFolder(),
      "--stack",
      stackOf(() => ({ filename: empty })),
    ]);
    expect(stderr).toMatch(/^aws_lambda_function\.f: filename: .*f\.zip is no zip .*: npm run build\n$/);
    expect(code).toBe(1);
  });

  it("is unpacked again where the unpacked one was emptied or deleted", async () => {
    const data = newFolder();
    const folder = stackOf(() => ({}));
    const run = () => startProcess(["--stack", folder, "--data", data]);
    await (await run()).end("SIGTERM");
    const [bundle = ""] = readdirSync(join(data, "bundles"));
    const file = join(data, "bundles", bundle, "index.js");
    const content = readFileSync(file, "utf8");
    for (const harm of [() => truncateSync(file), () => rmSync(file)]) {
      harm();
      await (await run()).end("SIGTERM");
      expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(content);
    }
  });
});
