/** Rules every workflow keeps: each names the job that breaks it. */
import { ancestorsOf, calledBy, conditionOf, type Job, type Workflow } from "./workflow";

export type Rule = {
  readonly sentence: string;
  /** @param all every workflow by the name of its file, to follow calls */
  readonly check: (workflow: Workflow, all: ReadonlyMap<string, Workflow>) => ReadonlyArray<string>;
};

const eachJob =
  (problemOf: (job: Job, name: string, workflow: Workflow) => string | undefined) =>
  (workflow: Workflow): ReadonlyArray<string> =>
    Object.entries(workflow.jobs).flatMap(([name, job]) => {
      const problem = problemOf(job, name, workflow);
      return problem === undefined ? [] : [`${name}: ${problem}`];
    });

const textsIn = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** `secrets.A`, `secrets['A']`, `toJSON(secrets)`: in any way. */
const usesSecrets = (job: Pick<Job, "secrets">): boolean =>
  job.secrets !== undefined || textsIn(job).some((text) => /\$\{\{[^}]*\bsecrets\b/.test(text));

const LEVELS = ["none", "read", "write"];
const levelOf = (permissions: Job["permissions"], scope: string): number =>
  LEVELS.indexOf(permissions?.[scope] ?? "none");

/** Inputs of actions that are programs: what stands in `${{ }}` there is as much a part of them as in `run`. */
const PROGRAMS = new Set(["script", "run", "args", "command"]);

const isQueue = (concurrency: NonNullable<Job["concurrency"]>): boolean =>
  !concurrency["cancel-in-progress"] && concurrency.queue === "max";

/** What a condition says that lets no pull request in but one with secrets; `conditions.test.ts` evaluates it. */
const TRUSTED = [
  "github.event.pull_request.head.repo.full_name == github.repository",
  "github.event.pull_request.user.login != 'dependabot[bot]'",
  "github.actor != 'dependabot[bot]'",
];

/** Not of pull requests at all, or of trusted ones: every part is needed, and none is one of several. */
const isForTrusted = (job: Job): boolean => {
  const parts = conditionOf(job)
    .split("&&")
    .map((part) => part.trim());
  return (
    parts.includes("github.event_name != 'pull_request'") || TRUSTED.every((part) => parts.includes(part))
  );
};

const runsIn = ({ steps = [] }: Job): string => steps.map(({ run = "" }) => run).join("\n");

/** Commands that run Terraform, on a state that a token is needed for. */
const TERRAFORM = /npm run (?:--silent )?(?:deploy|preview|smoke) -- |release -- (?:guard|promotable)/;

/** A plan that may be applied is held to the guard, which reads where states were in earlier commits. */
const APPLICABLE_PLAN = /npm run deploy -- plan (?!.*--speculative)/;

export const RULES: ReadonlyArray<Rule> = [
  {
    sentence: "nothing is put into a shell but by the environment",
    check: eachJob(({ steps = [] }) =>
      steps.some(({ run = "", with: given = {} }) =>
        textsIn([
          run,
          ...Object.entries(given).map(([name, value]) => (PROGRAMS.has(name) ? value : "")),
        ]).some((text) => text.includes("${{")),
      )
        ? "pass it by env: what stands in ${{ }} becomes part of the program"
        : undefined,
    ),
  },
  {
    sentence: "every action is pinned by its commit",
    check: eachJob(({ uses: called, steps = [] }) => {
      const loose = [called, ...steps.map(({ uses }) => uses)].find(
        (uses) => uses !== undefined && !/^([\w-]+\/[\w-]+@[0-9a-f]{40}|\.\/[\w./-]+)$/.test(uses),
      );
      return loose === undefined ? undefined : `pin ${loose}`;
    }),
  },
  {
    sentence: "a workflow may do nothing, and each job only what it says",
    check: (workflow) => [
      ...(Object.keys(workflow.permissions).length === 0 ? [] : ["permissions: say {} for the workflow"]),
      ...eachJob(({ permissions }) =>
        permissions === undefined || Object.keys(permissions).length === 0
          ? "say its permissions"
          : undefined,
      )(workflow),
    ],
  },
  {
    sentence: "what is called may do no more than its caller: GitHub would not even start it",
    check: (workflow, all) =>
      eachJob((job) => {
        const called = all.get(calledBy(job) ?? "")?.jobs ?? {};
        const tooMuch = Object.entries(called).flatMap(([name, { permissions = {} }]) =>
          Object.keys(permissions)
            .filter((scope) => levelOf(permissions, scope) > levelOf(job.permissions, scope))
            .map((scope) => `${name} needs ${scope}: ${permissions[scope] ?? ""}`),
        );
        return tooMuch.length === 0 ? undefined : tooMuch.join(", ");
      })(workflow),
  },
  {
    sentence: "only what assumes a role or attests may ask for a token of GitHub's",
    check: eachJob(({ permissions = {}, steps = [], uses }) => {
      const asks = permissions["id-token"] === "write";
      const speaks =
        /\/(deploy|bundles)\.yml$/.test(uses ?? "") ||
        steps.some(({ uses: action = "" }) =>
          /^(aws-actions\/configure-aws-credentials|actions\/attest-)/.test(action),
        );
      return asks === speaks ? undefined : asks ? "it needs no id-token" : "it needs id-token: write";
    }),
  },
  {
    sentence: "no key of AWS's stands anywhere: roles are taken on",
    check: eachJob((job) =>
      textsIn(job).some((text) =>
        /aws-(access-key-id|secret-access-key)|AWS_SECRET_ACCESS_KEY/i.test(text),
      ) || (job.steps ?? []).some(({ with: given = {} }) => "aws-access-key-id" in given)
        ? "take a role on instead"
        : undefined,
    ),
  },
  {
    sentence: "every job ends",
    check: eachJob(({ uses, "timeout-minutes": minutes }) =>
      uses === undefined && minutes === undefined ? "set timeout-minutes" : undefined,
    ),
  },
  {
    sentence: "no checkout leaves a token behind",
    check: eachJob(({ steps = [] }) =>
      steps.some(
        ({ uses, with: given = {} }) =>
          uses?.startsWith("actions/checkout@") === true && given["persist-credentials"] !== false,
      )
        ? "say persist-credentials: false"
        : undefined,
    ),
  },
  {
    sentence: "a command that fails before a pipe fails its step",
    check: ({ defaults }) => (defaults.run.shell === "bash" ? [] : ["defaults.run.shell: say bash"]),
  },
  {
    sentence: "no fork, and not Dependabot, gets a secret, a token or an environment",
    check: (workflow) => {
      if ("pull_request_target" in workflow.on)
        return ["on: pull_request_target runs a fork's code with secrets"];
      if (!("pull_request" in workflow.on)) return [];
      const { env = {} } = workflow;
      if (usesSecrets(env)) return ["env: a secret for every job is one for a fork's"];
      return eachJob((job) => {
        const writes = Object.values(job.permissions ?? {}).includes("write");
        const isTrusted = usesSecrets(job) || job.environment !== undefined || writes;
        return isTrusted && !isForTrusted(job) ? `say if: ${TRUSTED.join(" && ")}` : undefined;
      })(workflow);
    },
  },
  {
    sentence: "whatever deploys an environment holds it, is never cut short, and waits its turn",
    check: eachJob(({ uses, with: given = {}, concurrency }) => {
      const { environment } = given;
      if (uses?.endsWith("/deploy.yml") !== true || typeof environment !== "string") return undefined;
      const group = `environment-${environment}`;
      return concurrency?.group === group && isQueue(concurrency)
        ? undefined
        : `say concurrency: {group: ${group}, cancel-in-progress: false, queue: max}`;
    }),
  },
  {
    // A deployment holds its environment's group for as long as nobody approves it.
    sentence: "only what deploys waits for an approval of another: checks for drift and plans do not",
    check: eachJob(({ uses, concurrency }) =>
      uses === undefined && concurrency?.group.startsWith("environment-") === true
        ? "take a group of its own"
        : undefined,
    ),
  },
  {
    // A job that was skipped did not succeed, and by default GitHub asks every ancestor.
    sentence: "whatever comes after a job that may be skipped says outright what it waits for",
    check: (workflow, all) =>
      eachJob((job) => {
        const skippable = [...ancestorsOf(workflow.jobs, job)].filter((name) => {
          const ancestor = workflow.jobs[name];
          const inside = Object.values(all.get(calledBy(ancestor ?? {}) ?? "")?.jobs ?? {});
          // Skipped for the same pull requests as the job itself: that is meant.
          return [ancestor, ...inside].some(
            (one) => one?.if !== undefined && one.if !== job.if && !isForTrusted(one),
          );
        });
        return skippable.length === 0 || /(cancelled|always)\(\)/.test(String(job.if ?? ""))
          ? undefined
          : `${skippable.join(", ")} may be skipped: say if: \${{ !cancelled() && needs.….result == 'success' }}`;
      })(workflow),
  },
  {
    sentence: "whatever runs Terraform sets it up, and gives it a token",
    check: eachJob((job) => {
      if (!TERRAFORM.test(runsIn(job))) return undefined;
      const isThere = job.steps?.some(({ uses = "" }) => uses.startsWith("hashicorp/setup-terraform@"));
      if (isThere !== true) return "set Terraform up";
      return runsIn(job).includes("github -- token-name") ? undefined : "give it the token of its host";
    }),
  },
  {
    sentence: "a plan that may be applied sees the whole history: the guard looks for earlier states",
    check: eachJob((job) => {
      const isWhole = job.steps?.some(
        ({ uses = "", with: given = {} }) =>
          uses.startsWith("actions/checkout@") && given["fetch-depth"] === 0,
      );
      return APPLICABLE_PLAN.test(runsIn(job)) && isWhole !== true ? "say fetch-depth: 0" : undefined;
    }),
  },
  {
    sentence: "a smoke test is recorded: nothing is promoted without",
    check: eachJob((job) =>
      /npm run smoke -- (?!.*--record)/.test(runsIn(job)) ? "say --record" : undefined,
    ),
  },
];
