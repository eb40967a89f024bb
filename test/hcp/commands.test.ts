/** The commands against the test server, whose runs here only pretend. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isLeft } from "fp-ts/Either";
import { left, right, type TaskEither } from "fp-ts/TaskEither";
import { connect } from "../../cli/hcp/api";
import { apply, cancel, drift, plan, type Report, status } from "../../cli/hcp/commands";
import type { HcpError } from "../../cli/hcp/errors";
import type { Session } from "../../cli/hcp/session";
import { runDocument } from "./server/documents";
import type { Executor } from "./server/executor";
import type { Answer } from "./server/routes";
import { type Server, startServer } from "./server/server";

const target = {
  environment: "dev",
  host: "localhost",
  organization: "energy",
  workspace: "orders-dev",
  promotedFrom: undefined,
};
/** Where a run may be applied whatever it is of. */
const anyRun = () => right("");
const created = { resource_changes: [{ address: "terraform_data.a", change: { actions: ["create"] } }] };

let folder: string;
let server: Server;
let planned: unknown;
let executor: Executor;
let before: (method: string, path: string) => Answer | undefined;
let said: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hcp-commands-"));
  writeFileSync(join(folder, "cdk.tf.json"), "{}");
  mkdirSync(join(folder, "server"));
  writeFileSync(join(folder, ".terraformignore"), "server/\n");
  planned = created;
  executor = { plan: () => Promise.resolve(planned), apply: () => Promise.resolve() };
  before = () => undefined;
  said = [];
  server = await startServer({
    folder: join(folder, "server"),
    token: "t",
    organization: "energy",
    executor: { plan: (order) => executor.plan(order), apply: (order) => executor.apply(order) },
    before: (method, path) => before(method, path),
  });
  server.store.addWorkspace("energy", "orders-dev");
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const session = async (): Promise<Session> => {
  const http = { fetch, sleep: () => pause(2) };
  const api = await connect(http, new URL(server.origin), "t")();
  if (isLeft(api)) throw new Error(api.left._tag);
  const workspace = await api.right.workspace("energy", "orders-dev")();
  if (isLeft(workspace)) throw new Error(workspace.left._tag);
  return {
    target,
    http,
    api: api.right,
    workspace: workspace.right,
    limits: { pickupSeconds: 0.1, runSeconds: 5, pollMs: 2 },
    say: (line) => said.push(line),
    now: Date.now,
    watch: () => undefined,
  };
};

const stack = (commit = "c1") => ({ folder, commit });
const reportOf = async (command: (session: Session) => TaskEither<HcpError, Report>): Promise<Report> => {
  const result = await command(await session())();
  if (isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};
const errorOf = async (command: (session: Session) => TaskEither<HcpError, Report>): Promise<HcpError> => {
  const result = await command(await session())();
  if (!isLeft(result)) throw new Error(`expected a failure, got ${result.right.status}`);
  return result.left;
};
const planIt = (commit?: string): Promise<Report> => reportOf((to) => plan(to, stack(commit), false));
const storedRun = (id: string | null) => {
  const found = server.store.runs.find((run) => run.id === id);
  if (found === undefined) throw new Error("no such run");
  return found;
};
/** Answers every look at a run as if it had this status. */
const pretend = (pretended: string): void => {
  before = (method, path) => {
    const run = server.store.runs.find(({ id }) => path.endsWith(`/runs/${id}`));
    return method === "GET" && run !== undefined
      ? { status: 200, body: { data: runDocument({ ...run, status: pretended }) } }
      : undefined;
  };
};

test("plan saves, says what would change, and what to type next", async () => {
  const report = await planIt();
  expect(report).toMatchObject({ status: "planned_and_saved", confirmable: true, summary: { add: 1 } });
  expect(said.join("\n")).toMatch(
    /\+1 ~0 -0\n {2}\+ {3}terraform_data\.a\napply it: .* apply dev --run run-/,
  );
  expect(storedRun(report.run).message).toMatch(/^orders dev, commit c1, stack [0-9a-f]{12}$/);
});

test("apply takes the newest plan of the commit, and no other commit's", async () => {
  await planIt();
  const newest = await planIt();
  await planIt("c2");
  expect(await reportOf((to) => apply(to, undefined, "c1", anyRun))).toMatchObject({
    run: newest.run,
    status: "applied",
  });
  expect(await errorOf((to) => apply(to, undefined, "c3", anyRun))).toMatchObject({
    _tag: "NoSavedPlan",
    commit: "c3",
  });
  // Applying changed the state: the other commit's plan is stale.
  expect(await errorOf((to) => apply(to, undefined, "c2", anyRun))).toMatchObject({ _tag: "Discarded" });
});

test("applying twice is applying once, and a plan without changes needs none", async () => {
  const { run } = await planIt();
  await reportOf((to) => apply(to, run ?? "", "", anyRun));
  expect(await reportOf((to) => apply(to, run ?? "", "", anyRun))).toMatchObject({ status: "applied" });
  expect(server.requests.filter((line) => line.includes("actions/apply"))).toHaveLength(1);
  planned = {};
  const unchanged = await planIt();
  expect(unchanged).toMatchObject({ confirmable: false, status: "planned_and_finished" });
  await reportOf((to) => apply(to, unchanged.run ?? "", "", anyRun));
  expect(said.at(-1)).toBe("it has nothing to apply");
});

test("a speculative plan cannot be applied, by name or by commit", async () => {
  const { run } = await reportOf((to) => plan(to, stack(), true));
  expect(await errorOf((to) => apply(to, run ?? "", "", anyRun))).toMatchObject({ _tag: "NotConfirmable" });
  expect(await errorOf((to) => apply(to, undefined, "c1", anyRun))).toMatchObject({ _tag: "NoSavedPlan" });
});

test("a token that may not read the whole plan still gets its counts", async () => {
  before = (_, path) => (path.endsWith("/json-output") ? { status: 404, body: { errors: [] } } : undefined);
  expect(await planIt()).toMatchObject({ confirmable: true, summary: { add: 1, addresses: [] } });
});

test("a discarded plan is refused, and so is another workspace's", async () => {
  const { run } = await planIt();
  await reportOf((to) => cancel(to, run ?? ""));
  expect(await errorOf((to) => apply(to, run ?? "", "", anyRun))).toMatchObject({ _tag: "Discarded" });
  const { run: other } = await planIt();
  const elsewhere = server.store.addWorkspace("energy", "orders-prod");
  Object.assign(storedRun(other), { workspace: elsewhere });
  expect(await errorOf((to) => apply(to, other ?? "", "", anyRun))).toMatchObject({ _tag: "Usage" });
});

test("a locked workspace is not applied to, and a run that waits for it says why", async () => {
  const { run } = await planIt();
  storedRun(run).workspace.lockedBy = "a person";
  expect(await errorOf((to) => apply(to, run ?? "", "", anyRun))).toMatchObject({ _tag: "Locked" });
  pretend("pending");
  expect(await errorOf((to) => plan(to, stack(), true))).toMatchObject({ _tag: "Locked" });
});

test("a run that no agent picks up is given up, and one that takes too long", async () => {
  pretend("plan_queued");
  expect(await errorOf((to) => plan(to, stack(), false))).toMatchObject({ _tag: "NotPickedUp" });
  pretend("a_status_of_next_year");
  expect(
    await errorOf((to) => plan({ ...to, limits: { ...to.limits, runSeconds: 0.1 } }, stack(), false)),
  ).toMatchObject({ _tag: "TookTooLong" });
});

test.each(["hard_failed", "soft_failed"])(
  "a policy that %s is told from a plan that failed",
  async (verdict) => {
    executor = {
      ...executor,
      plan: () => {
        for (const run of server.store.runs) run.policies = [verdict];
        return Promise.resolve(planned);
      },
    };
    expect(await errorOf((to) => plan(to, stack(), false))).toMatchObject({ _tag: "PolicyFailed" });
  },
);

test("an apply that fails ends with what Terraform printed", async () => {
  const { run } = await planIt();
  executor = {
    ...executor,
    apply: ({ log }) => {
      log("\u001b[31mError: creating queue: access denied\u001b[0m\n");
      return Promise.reject(new Error("terraform ended with 1"));
    },
  };
  expect(await errorOf((to) => apply(to, run ?? "", "", anyRun))).toMatchObject({
    _tag: "RunFailed",
    detail: expect.stringContaining("  Error: creating queue: access denied\n"),
  });
});

test("drift reports exactly what drifted, and changes nothing", async () => {
  planned = {
    resource_drift: [
      { address: "aws_sqs_queue.orders", change: { actions: ["update"] } },
      { address: "aws_sqs_queue.dlq", change: { actions: ["no-op"] } },
    ],
  };
  const report = await reportOf((to) => drift(to, stack()));
  expect(report.summary?.addresses).toEqual([{ mark: "~", address: "aws_sqs_queue.orders" }]);
  expect(storedRun(report.run).kind).toMatchObject({ refreshOnly: true, planOnly: true });
  expect(report.confirmable).toBe(false);
});

test("what is read for the first time, or is nothing in another way, did not drift", async () => {
  const changed = (address: string, before: unknown, after: unknown) => ({
    address,
    change: { actions: ["update"], before, after },
  });
  planned = {
    configuration: {
      root_module: {
        resources: [
          { address: "aws_sqs_queue.orders", expressions: { name: {}, delay_seconds: {} } },
          { address: "aws_sqs_queue.dlq", expressions: { name: {}, delay_seconds: {} } },
          { address: "aws_sqs_queue.failures", expressions: { name: {} } },
        ],
      },
    },
    resource_drift: [
      changed(
        "aws_sqs_queue.orders",
        { policy: "", delay_seconds: null, tags: null, name: "orders" },
        { policy: "{}", delay_seconds: 0, tags: {}, name: "orders" },
      ),
      changed("aws_sqs_queue.dlq", { delay_seconds: null }, { delay_seconds: 5 }),
      changed("aws_sqs_queue.failures", { tags_all: { owner: "a" } }, { tags_all: { owner: "b" } }),
      { address: "aws_sqs_queue.gone", change: { actions: ["delete"], before: {}, after: null } },
    ],
  };
  expect((await reportOf((to) => drift(to, stack()))).summary?.addresses).toEqual([
    { mark: "~", address: "aws_sqs_queue.dlq" },
    { mark: "~", address: "aws_sqs_queue.failures" },
    { mark: "-", address: "aws_sqs_queue.gone" },
  ]);
});

test("cancel ends what runs; status lists it", async () => {
  let begun = (): void => undefined;
  const running = new Promise<void>((resolve) => {
    begun = resolve;
  });
  executor = {
    ...executor,
    plan: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("interrupted")));
        begun();
      }),
  };
  const waiting = errorOf((to) => plan(to, stack(), false));
  await running;
  const id = server.store.runs[0]?.id ?? "";
  await reportOf((to) => cancel(to, id));
  expect(await waiting).toMatchObject({ _tag: "Discarded" });
  expect(await reportOf(status)).toMatchObject({ run: id, status: "canceled" });
  expect(said.join("\n")).toContain(`${id}  `);
});

test("a run that is not to be applied yet is not applied", async () => {
  const { run } = await reportOf((to) => plan(to, stack(), false));
  const refusal = { _tag: "Usage", message: "not yet" } as const;
  expect(await errorOf((to) => apply(to, run ?? "", "", () => left(refusal)))).toMatchObject(refusal);
  expect(storedRun(run).status).toBe("planned_and_saved");
});
