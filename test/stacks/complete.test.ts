/** The folder of a synthesized stack is all that a run elsewhere gets. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { Declared } from "../support/synth";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "complete-"));
  execFileSync(process.execPath, ["dist/main.js", "--outdir", folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const filesIn = (stack: string): ReadonlyArray<string> =>
  readdirSync(stack, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(stack.length + 1));

describe.each(["dev", "staging", "prod", "local"])("the folder of %s", (name) => {
  const stack = (): string => join(folder, "stacks", name);
  const declared = (): Declared => new Declared(readFileSync(join(stack(), "cdk.tf.json"), "utf8"));

  it("holds every bundle it names, by a path that is good wherever the folder lies", () => {
    const bundles = Object.values(declared().all("aws_lambda_function")).map(({ filename }) =>
      String(filename),
    );
    expect(bundles.length).toBeGreaterThan(6);
    for (const bundle of bundles) {
      expect(isAbsolute(bundle) || normalize(bundle).startsWith("..")).toBe(false);
      expect([bundle, existsSync(join(stack(), bundle))]).toEqual([bundle, true]);
    }
    for (const place of [folder, process.cwd()]) expect(declared().text).not.toContain(place);
  });

  it("holds nothing else but the stack, the provider's lock file and what an upload leaves out", () => {
    expect(
      filesIn(stack())
        .filter((file) => !file.startsWith("assets/"))
        .sort(),
    ).toEqual([".terraform.lock.hcl", ".terraformignore", "cdk.tf.json"]);
    const ignored = readFileSync(join(stack(), ".terraformignore"), "utf8").split("\n");
    expect(ignored).toEqual(expect.arrayContaining([".terraform/", "*.tfstate", "*.tfstate.*", "*.tfplan"]));
  });

  it("locks a provider that the stack's own bounds allow, by its hash", () => {
    const lock = readFileSync(join(stack(), ".terraform.lock.hcl"), "utf8");
    const { required_providers: providers } = declared().terraform as {
      required_providers: { aws: { version: string } };
    };
    // Terraform writes the bounds with all three numbers; other bounds would make it plan anew what to lock.
    const bounds = providers.aws.version
      .split(", ")
      .map((bound) =>
        bound.replace(/\d+(\.\d+)*$/, (version) => `${version}.0.0`.split(".").slice(0, 3).join(".")),
      )
      .join(", ");
    expect(lock).toContain(`constraints = "${bounds}"`);
    expect(lock.match(/^provider "(.*)" \{$/gm)).toEqual([
      'provider "registry.terraform.io/hashicorp/aws" {',
    ]);
    expect(lock).toMatch(/"h1:[\w+/]{43}="/);
  });
});
