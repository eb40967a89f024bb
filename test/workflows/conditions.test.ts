/** For whom jobs run: GitHub's own expressions evaluate the `if` of each, for the events that matter. */
import type { Json } from "./github";
import { type GitHub, loadGitHub } from "./load";
import { conditionOf, textsOf, workflowOf } from "./workflow";

const workflows = new Map([...textsOf()].map(([file, text]) => [file, workflowOf(text)] as const));

let github: GitHub;
beforeAll(async () => {
  github = await loadGitHub();
});

const STATUS = { success: true, failure: false, cancelled: false };

type PullRequest = {
  readonly repository?: string;
  readonly author?: string;
  readonly actor?: string;
  readonly base?: string;
  readonly draft?: boolean;
  readonly state?: string;
  readonly labels?: ReadonlyArray<string>;
  readonly action?: string;
  readonly label?: string;
};

const pullRequest = ({
  repository = "energy/orders",
  author = "somebody",
  actor = author,
  base = "main",
  draft = false,
  state = "open",
  labels = [],
  action = "synchronize",
  label = "",
}: PullRequest): Json => ({
  event_name: "pull_request",
  repository: "energy/orders",
  actor,
  event: {
    action,
    label: { name: label },
    pull_request: {
      number: 7,
      draft,
      state,
      base: { ref: base },
      user: { login: author },
      head: { repo: { full_name: repository } },
      labels: labels.map((name) => ({ name })),
    },
  },
});

/** The jobs of a workflow that an event starts, as far as their own conditions go. */
const started = (file: string, event: Json): ReadonlyArray<string> =>
  Object.entries(workflows.get(file)?.jobs ?? {}).flatMap(([name, job]) =>
    github.evaluate(conditionOf(job), { github: event }, STATUS) === true ? [name] : [],
  );

const ALL = ["checks", "plan", "bundles", "dev"];

it.each<[string, PullRequest, ReadonlyArray<string>]>([
  ["of this repository into main", {}, ALL],
  ["that is a draft", { draft: true }, ["checks", "plan"]],
  ["into another branch", { base: "release-1" }, ["checks"]],
  ["of a fork", { repository: "somebody/orders" }, ["checks"]],
  ["of Dependabot", { author: "dependabot[bot]" }, ["checks"]],
  ["of Dependabot, pushed to by somebody", { author: "dependabot[bot]", actor: "somebody" }, ["checks"]],
  ["of somebody, pushed to by Dependabot", { actor: "dependabot[bot]" }, ["checks"]],
])("a pull request %s starts %j: %j", (_, given, jobs) => {
  expect(started("pull-request.yml", pullRequest(given))).toEqual(jobs);
});

const labels = ["preview"];
it.each<[string, PullRequest, ReadonlyArray<string>]>([
  ["without the label", {}, []],
  ["with the label", { labels }, ["create"]],
  ["of a fork, with the label", { labels, repository: "somebody/orders" }, []],
  ["of Dependabot, with the label", { labels, author: "dependabot[bot]" }, []],
  ["that was closed", { labels, action: "closed", state: "closed" }, ["destroy"]],
  ["of a fork that was closed", { labels, action: "closed", state: "closed", repository: "a/b" }, []],
  ["that was closed and had none", { action: "closed", state: "closed" }, []],
  ["that lost the label", { action: "unlabeled", label: "preview" }, ["destroy"]],
  ["that lost another label", { labels, action: "unlabeled", label: "bug" }, ["create"]],
])("a preview for a pull request %s: %j: %j", (_, given, jobs) => {
  expect(started("preview.yml", pullRequest(given))).toEqual(jobs);
});

it("previews expire by the schedule alone", () => {
  expect(started("preview.yml", { event_name: "schedule", event: {} })).toEqual(["expire"]);
});

const SUCCESS = { result: "success", outputs: { applicable: "true" } };
const outcome = (result: string): Json => ({ result, outputs: {} });

it.each<[string, string, string, Json, boolean]>([
  ["deploy.yml", "apply", "the plan has something to do", { plan: SUCCESS }, true],
  ["deploy.yml", "smoke", "the apply succeeded", { plan: SUCCESS, apply: SUCCESS }, true],
  ["deploy.yml", "smoke", "nothing was to be applied", { plan: SUCCESS, apply: outcome("skipped") }, true],
  ["deploy.yml", "smoke", "the apply failed", { plan: SUCCESS, apply: outcome("failure") }, false],
  ["deploy.yml", "smoke", "the apply was cancelled", { plan: SUCCESS, apply: outcome("cancelled") }, false],
  ["deploy.yml", "smoke", "the plan failed", { plan: outcome("failure"), apply: outcome("skipped") }, false],
  ["release.yml", "prod", "staging succeeded", { staging: SUCCESS }, true],
  ["release.yml", "prod", "staging failed", { staging: outcome("failure") }, false],
  ["release.yml", "prod", "staging was skipped", { staging: outcome("skipped") }, false],
  ["drift.yml", "report", "a check failed", { drift: outcome("failure") }, true],
])("%s: %s where %s (%j): %s", (file, name, _, needs, runs) => {
  const job = workflows.get(file)?.jobs[name] ?? {};
  expect(github.evaluate(conditionOf(job), { github: {}, needs }, STATUS)).toBe(runs);
});
