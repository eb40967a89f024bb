/** The folder of a synthesized stack is all that a run elsewhere gets. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import * as t from "io-ts";
import { currentCommit, currentVersion } from "../../stacks/checkout";
import { Release, stackDigest } from "../../stacks/release";
import { Declared, shippedNames } from "../support/synth";
import { temporaryFolder } from "../support/temporary-folder";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("complete");
  execFileSync(process.execPath, ["dist/main.js", "--outdir", folder]);
});

const SHA_256 = /^[0-9a-f]{64}$/;

const Stack = t.type({ output: t.type({ release: t.type({ value: Release }) }) });

const jsonOf = (outdir: string, name: string): unknown =>
  JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));

const releaseIn = (outdir: string, name: string): Release => {
  const json = jsonOf(outdir, name);
  if (!Stack.is(json)) throw new Error("the stack says no release");
  return json.output.release.value;
};

describe("the release a stack says it is", () => {
  it("is of bundles that every environment has, and of a stack of its own", () => {
    const releases = shippedNames.map((name) => releaseIn(folder, name));
    expect(new Set(releases.map(({ bundles }) => bundles)).size).toBe(1);
    expect(new Set(releases.map(({ stack }) => stack)).size).toBe(shippedNames.length);
  });

  it("takes a hotfix's reason from a variable, and leaves nothing else to one", () => {
    expect(jsonOf(folder, "prod")).toMatchObject({ variable: { hotfix: { type: "string", default: null } } });
    expect(Object.keys((jsonOf(folder, "prod") as { variable: object }).variable)).toEqual(["hotfix"]);
  });

  it("changes with a resource, an output or a setting, and with nothing that Terraform does not read", () => {
    const stack = { "//": { metadata: "x" }, resource: { a: { b: { "//": "path", c: 1 } } }, output: {} };
    const digest = stackDigest(stack);
    expect(stackDigest({ ...stack, "//": { metadata: "other" } })).toBe(digest);
    expect(stackDigest({ resource: { a: { b: { c: 1 } } }, output: { release: { value: "x" } } })).toBe(
      digest,
    );
    expect(stackDigest({ ...stack, variable: { hotfix: { type: "string" } } })).toBe(digest);
    for (const changed of [
      { ...stack, resource: { a: { b: { c: 2 } } } },
      { ...stack, output: { api_endpoint: { value: "x" } } },
      { ...stack, terraform: { required_version: ">= 1.10" } },
      { ...stack, variable: { other: {} } },
    ])
      expect(stackDigest(changed)).not.toBe(digest);
  });
});

const filesIn = (stack: string): ReadonlyArray<string> =>
  readdirSync(stack, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(stack.length + 1));

describe.each(shippedNames)("the folder of %s", (name) => {
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

  it("says which release it is: this version and commit, and what it is made of", () => {
    const release = releaseIn(folder, name);
    expect(release).toEqual({
      version: currentVersion(),
      commit: currentCommit(),
      stack: expect.stringMatching(SHA_256),
      bundles: expect.stringMatching(SHA_256),
      hotfix: "${var.hotfix}",
    });
  });

  it("locks a provider that the stack's own bounds allow, by its hash", () => {
    const lock = readFileSync(join(stack(), ".terraform.lock.hcl"), "utf8");
    const { required_providers: providers } = declared().terraform as {
      required_providers: { aws: { version: string } };
    };
    // Terraform writes the bounds with all three numbers; other bounds would make it plan again what to lock.
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
