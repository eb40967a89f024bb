import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { parse } from "yaml";

/** The workflow files, as far as the tests look at them. */

const Permissions = t.record(t.string, t.string);
const Step = t.partial({
  id: t.string,
  name: t.string,
  if: t.union([t.string, t.boolean]),
  uses: t.string,
  run: t.string,
  with: t.record(t.string, t.unknown),
  env: t.record(t.string, t.unknown),
});
const Job = t.partial({
  needs: t.union([t.string, t.array(t.string)]),
  if: t.union([t.string, t.boolean]),
  uses: t.string,
  with: t.record(t.string, t.unknown),
  secrets: t.unknown,
  environment: t.string,
  permissions: Permissions,
  concurrency: t.intersection([
    t.type({ group: t.string, "cancel-in-progress": t.boolean }),
    t.partial({ queue: t.string }),
  ]),
  "timeout-minutes": t.number,
  strategy: t.type({ matrix: t.record(t.string, t.union([t.string, t.array(t.string)])) }),
  env: t.record(t.string, t.unknown),
  steps: t.array(Step),
});
export type Job = t.TypeOf<typeof Job>;

const Filter = t.union([
  t.null,
  t.array(t.unknown),
  t.partial({
    branches: t.array(t.string),
    tags: t.array(t.string),
    types: t.array(t.string),
    inputs: t.record(t.string, t.unknown),
  }),
]);
export const Workflow = t.intersection([
  t.type({
    name: t.string,
    on: t.record(t.string, Filter),
    permissions: Permissions,
    defaults: t.type({ run: t.type({ shell: t.string }) }),
    jobs: t.record(t.string, Job),
  }),
  t.partial({ env: t.record(t.string, t.unknown) }),
]);
export type Workflow = t.TypeOf<typeof Workflow>;

const FOLDER = join(".github", "workflows");

export const textsOf = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(FOLDER)
      .sort()
      .map((file) => [file, readFileSync(join(FOLDER, file), "utf8")] as const),
  );

export const workflowOf = (text: string): Workflow => {
  const value: unknown = parse(text);
  if (!Workflow.is(value)) throw new Error("is not a workflow as these tests know them");
  return value;
};

/** The file a job calls, if it calls one of these. */
export const calledBy = ({ uses = "" }: Job): string | undefined =>
  /^\.\/\.github\/workflows\/([\w-]+\.yml)$/.exec(uses)?.[1];

/** A condition without its `${{ }}`. */
export const conditionOf = ({ if: condition = "success()" }: Job): string =>
  String(condition)
    .trim()
    .replace(/^\$\{\{(.+)\}\}$/s, "$1")
    .trim();

/** The jobs that a job waits for, and those that these waited for. */
export const ancestorsOf = (jobs: Workflow["jobs"], job: Job): ReadonlySet<string> =>
  new Set(
    needsOf(job).flatMap((name) => {
      const needed = jobs[name];
      return [name, ...(needed === undefined ? [] : ancestorsOf(jobs, needed))];
    }),
  );

const needsOf = ({ needs = [] }: Job): ReadonlyArray<string> => [needs].flat();
