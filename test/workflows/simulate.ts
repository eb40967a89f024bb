/** Which jobs run for an event, in which environment: what GitHub decides by `on`, `needs` and `if`. */
import type * as github from "./github";
import type { Contexts, Json, Status } from "./github";
import { type Job, needsOf, type Workflow } from "./workflow";

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

type Result = "success" | "failure" | "skipped";

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
    results.set(name, runJob(github, name, job, way, contexts, results, surroundings, ran));
  }
  return [...results.values()].includes("failure") ? "failure" : "success";
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
  const status: Status = {
    success: needed.every((one) => results.get(one) === "success"),
    failure: needed.some((one) => results.get(one) === "failure"),
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
    const called = surroundings.workflows.get(job.uses.replace("./.github/workflows/", ""));
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
  return surroundings.failing.includes(path) ? "failure" : "success";
};
