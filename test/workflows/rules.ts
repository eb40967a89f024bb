/** Rules every workflow keeps: each names the job that breaks it. */
import { type Job, type Workflow } from "./workflow";

export type Rule = {
  readonly sentence: string;
  readonly check: (workflow: Workflow) => ReadonlyArray<string>;
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

const usesSecrets = (job: Job): boolean =>
  job.secrets !== undefined || textsIn(job).some((text) => /\bsecrets\./.test(text));

const SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository";

export const RULES: ReadonlyArray<Rule> = [
  {
    sentence: "nothing is put into a shell but by the environment",
    check: eachJob(({ steps = [] }) =>
      steps.some(({ run = "" }) => run.includes("${{"))
        ? "pass it by env: what stands in ${{ }} becomes part of the program"
        : undefined,
    ),
  },
  {
    sentence: "every action is pinned by its commit, with its version beside it",
    check: eachJob(({ steps = [] }) => {
      const loose = steps.find(
        ({ uses }) =>
          uses !== undefined && !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses) && !uses.startsWith("./"),
      );
      return loose === undefined ? undefined : `pin ${loose.uses ?? ""}`;
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
    sentence: "only who speaks to AWS may ask for a token of GitHub's",
    check: eachJob(({ permissions = {}, steps = [], uses }) => {
      const asks = permissions["id-token"] === "write";
      const speaks =
        uses?.endsWith("/deploy.yml") === true ||
        steps.some((step) => step.uses?.startsWith("aws-actions/configure-aws-credentials@"));
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
    sentence: "no fork gets a secret, a token or an environment",
    check: (workflow) => {
      if ("pull_request_target" in workflow.on)
        return ["on: pull_request_target runs a fork's code with secrets"];
      if (!("pull_request" in workflow.on)) return [];
      return eachJob((job) => {
        const isTrusted =
          usesSecrets(job) || job.environment !== undefined || job.permissions?.["id-token"] === "write";
        return isTrusted && job.if !== SAME_REPOSITORY ? `say if: ${SAME_REPOSITORY}` : undefined;
      })(workflow);
    },
  },
  {
    sentence: "whatever deploys an environment holds it, and is never cut short",
    check: eachJob(({ uses, with: given = {}, concurrency }) => {
      const { environment } = given;
      if (uses?.endsWith("/deploy.yml") !== true || typeof environment !== "string") return undefined;
      const group = `environment-${environment}`;
      return concurrency?.group === group && !concurrency["cancel-in-progress"]
        ? undefined
        : `say concurrency: {group: ${group}, cancel-in-progress: false}`;
    }),
  },
];
