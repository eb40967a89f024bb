/** Which jobs run for an event, in which environment: what GitHub decides by `on`, `needs` and `if`. */
import type * as github from "./github";
import type { Contexts, Json, Status } from "./github";
import { calledBy, type Job, needsOf, type Workflow } from "./workflow";

export type GitHub = typeof github;

export type Event = {
  readonly name: "pull_request" | "push" | "schedule" | "workflow_dispatch";
  /** `refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/7/merge` */
  readonly ref: string;
  readonly payload?: Json;
};

export type Surroundings = {
  /** Every workflow by the name of its file. */
  readonly workflows: ReadonlyMap<string, Workflow>;
  /** Jobs that fail, or whose approval is refused: `staging/apply`. */
  readonly failing: ReadonlyArray<string>;
  /** Jobs that somebody cancels, or that take longer than they may. */
  readonly cancelled?: ReadonlyArray<string>;
  /** What jobs put out, by their name without the way to it. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type Ran = {
  /** With the jobs that called it: `staging/apply`. */
  readonly job: string;
  readonly environment: string | undefined;
  readonly concurrency: string | undefined;
  readonly permissions: Readonly<Record<string, string>>;
};

type Result = "success" | "failure" | "cancelled" | "skipped";

/** GitHub's filter patterns: `*` within a part, `**` over parts, `+` and `?` repeat what stands before them. */
export const matchesFilter = (pattern: string, name: string): boolean => {
  const expression = pattern.replaceAll(/\*\*|\*|[.(){}|^$\\]/g, (found) =>
    found === "**" ? ".*" : found === "*" ? "[^/]*" : `\\${found}`,
  );
  return new RegExp(`^${expression}$`).test(name);
};

const isTriggered = ({ on }: Workflow, { name, ref }: Event): boolean => {
  const filter = on[name];
  if (filter === undefined) return false;
  if (filter === null || Array.isArray(filter) || name !== "push") return true;
  const [, kind, short = ""] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  const { branches, tags } = "branches" in filter || "tags" in filter ? filter : {};
  // A filter of one kind alone keeps the other kind out.
  if (branches === undefined && tags === undefined) return true;
  const patterns = (kind === "heads" ? branches : tags) ?? [];
  return patterns.some((pattern) => matchesFilter(pattern, short));
};

const STATUS_FUNCTION = /\b(success|failure|always|cancelled)\s*\(/;

/** The jobs that a job waits for, and those that these waited for. */
export const ancestorsOf = (jobs: Workflow["jobs"], job: Job): ReadonlySet<string> =>
  new Set(
    needsOf(job).flatMap((name) => {
      const needed = jobs[name];
      return [name, ...(needed === undefined ? [] : ancestorsOf(jobs, needed))];
    }),
  );

/** `${{ … }}` in a text, evaluated. */
const filledIn = (github: GitHub, text: string, contexts: Contexts, status: Status): string =>
  text.replaceAll(/\$\{\{(.+?)\}\}/g, (_, expression: string) =>
    String(github.evaluate(expression.trim(), contexts, status)),
  );

const isTrue = (value: unknown): boolean =>
  value !== false && value !== "" && value !== 0 && value !== "false";

export const simulate = (
  github: GitHub,
  file: string,
  event: Event,
  surroundings: Surroundings,
): ReadonlyArray<Ran> => {
  const workflow = surroundings.workflows.get(file);
  if (workflow === undefined || !isTriggered(workflow, event)) return [];
  const ran: Ran[] = [];
  runJobs(github, workflow, "", eventContexts(event), surroundings, ran);
  return ran;
};

const eventContexts = ({ name, ref, payload = {} }: Event): Contexts => ({
  github: {
    event_name: name,
    ref,
    ref_name: ref.split("/").slice(2).join("/"),
    repository: "energy/orders",
    event: payload,
  },
  inputs: {},
});

const runJobs = (
  github: GitHub,
  { jobs }: Workflow,
  way: string,
  contexts: Contexts,
  surroundings: Surroundings,
  ran: Ran[],
): Result => {
  const results = new Map<string, Result>();
  const left = new Map(Object.entries(jobs));
  while (left.size > 0) {
    const next = [...left].find(([, job]) => needsOf(job).every((name) => results.has(name)));
    if (next === undefined) throw new Error(`jobs that wait for each other: ${[...left.keys()].join(", ")}`);
    const [name, job] = next;
    left.delete(name);
    const ancestors = new Map(
      [...ancestorsOf(jobs, job)].map((one) => [one, results.get(one) ?? "skipped"] as const),
    );
    results.set(name, runJob(github, name, job, way, contexts, ancestors, surroundings, ran));
  }
  const ends = new Set(results.values());
  return ends.has("failure") ? "failure" : ends.has("cancelled") ? "cancelled" : "success";
};

const runJob = (
  github: GitHub,
  name: string,
  job: Job,
  way: string,
  contexts: Contexts,
  results: ReadonlyMap<string, Result>,
  surroundings: Surroundings,
  ran: Ran[],
): Result => {
  const needed = needsOf(job);
  // GitHub asks every ancestor, and one that was skipped did not succeed. `cancelled` is of the whole run.
  const status: Status = {
    success: [...results.values()].every((one) => one === "success"),
    failure: [...results.values()].includes("failure"),
    cancelled: false,
  };
  const inside: Contexts = {
    ...contexts,
    needs: Object.fromEntries(
      needed.map((one) => [
        one,
        { result: results.get(one) ?? "skipped", outputs: surroundings.outputs[one] ?? {} },
      ]),
    ),
  };
  const condition = String(job.if ?? "success()").replace(/^\$\{\{(.+)\}\}$/s, "$1");
  // Without a status function GitHub asks for success() first.
  const isDue =
    (STATUS_FUNCTION.test(condition) || status.success) &&
    isTrue(github.evaluate(condition.trim(), inside, status));
  if (!isDue) return "skipped";
  const path = `${way}${name}`;
  const fill = (text: string, more: Contexts = {}): string =>
    filledIn(github, text, { ...inside, ...more }, status);
  if (job.uses !== undefined) {
    const called = surroundings.workflows.get(calledBy(job) ?? "");
    if (called === undefined) throw new Error(`${path}: calls ${job.uses}, which is not there`);
    const inputs = Object.fromEntries(
      Object.entries(job.with ?? {}).map(([key, value]) => [
        key,
        typeof value === "string" ? fill(value) : value === true,
      ]),
    );
    return runJobs(github, called, `${path}/`, { ...contexts, inputs }, surroundings, ran);
  }
  const variants = Object.entries(job.strategy?.matrix ?? {}).flatMap(([key, values]) =>
    values.map((value) => ({ matrix: { [key]: value } })),
  );
  for (const variant of variants.length === 0 ? [{}] : variants)
    ran.push({
      job: path,
      environment: job.environment === undefined ? undefined : fill(job.environment, variant),
      concurrency: job.concurrency === undefined ? undefined : fill(job.concurrency.group, variant),
      permissions: job.permissions ?? {},
    });
  if (surroundings.failing.includes(path)) return "failure";
  return surroundings.cancelled?.includes(path) === true ? "cancelled" : "success";
};
