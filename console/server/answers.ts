/** What the paths under `/api/` answer. */
import * as t from "io-ts";
import { exactly } from "../../lib/exactly";
import { reasonOf } from "../../lib/thrown";
import { Unread, type Why } from "../aws/unread";
import type { Context } from "../context";
import { listAnnouncements } from "../reads/announcements";
import { listFunctions, readLog } from "../reads/functions";
import { historyOf } from "../reads/history";
import { readCharts } from "../reads/charts";
import { listOrders } from "../reads/orders";
import { listQueues } from "../reads/queues";
import { findRun, listRuns } from "../reads/runs";
import type { About } from "../shapes";
import { isSpan, SPANS } from "../spans";
import { isStatus } from "../statuses";

export type Answer = { readonly status: number; readonly body: unknown };

const ok = (body: unknown): Answer => ({ status: 200, body });
const problem = (status: number, text: string): Answer => ({ status, body: { problem: text } });

type Ask = (context: Context, query: URLSearchParams, parts: ReadonlyArray<string>) => Promise<Answer>;

const orders: Ask = async (context, query) => {
  const status = query.get("status") ?? "";
  if (status !== "" && !isStatus(status)) return problem(400, `There is no status ${status}.`);
  const product = query.get("product") ?? "";
  const cursor = query.get("cursor");
  return ok(
    await listOrders(context, {
      product,
      ...(isStatus(status) ? { status } : {}),
      ...(cursor === null ? {} : { cursor }),
    }),
  );
};

const order: Ask = async (context, _, [id = ""]) => {
  const number = Number(id);
  if (!/^[1-9]\d*$/.test(id) || !Number.isSafeInteger(number))
    return problem(400, `${id} is no order id: expected a positive integer up to 2^53 − 1.`);
  const found = await historyOf(context, number);
  return found === undefined
    ? problem(404, `There is no order ${id}, or it was decided so long ago that only the archive has it.`)
    : ok(found);
};

/** The state machine that is asked for, or the first. */
const machineIn = ({ map }: Context, query: URLSearchParams): string | undefined => {
  const machines = map.nodes.filter(({ kind }) => kind === "machine").map(({ name }) => name);
  return machines.find((name) => name === query.get("machine")) ?? machines[0];
};

const NO_MACHINE = "The stack declares no state machine.";

const runs: Ask = async (context, query) => {
  const machine = machineIn(context, query);
  return machine === undefined
    ? problem(404, NO_MACHINE)
    : ok(await listRuns(context, machine, query.get("cursor") ?? undefined));
};

const run: Ask = async (context, query, [name = ""]) => {
  const machine = machineIn(context, query);
  const found = machine === undefined ? undefined : await findRun(context, machine, name);
  return found === undefined ? problem(404, `There is no run ${name}.`) : ok(found);
};

const log: Ask = async (context, query, [name = ""]) => {
  const found = await readLog(context, name, query.get("text") ?? "");
  return found === undefined ? problem(404, `There is no function ${name}.`) : ok(found);
};

const metrics: Ask = async (context, query) => {
  const span = query.get("span") ?? "1h";
  return isSpan(span)
    ? ok(await readCharts(context, span, Date.now()))
    : problem(400, `There is no span ${span}: expected one of ${Object.keys(SPANS).join(", ")}.`);
};

const announcements: Ask = (context) => {
  const found = listAnnouncements(context);
  return Promise.resolve(
    found === undefined ? problem(404, "Announcements of this environment are in Slack.") : ok(found),
  );
};

const permissions: Ask = async ({ host }) =>
  host === undefined
    ? problem(404, "Which calls were allowed and denied in AWS stands in the account's CloudTrail.")
    : ok(await host.permissions());

const NO_FAULTS = "Faults are injected by the local platform only.";

const faults: Ask = async ({ host }) =>
  host === undefined ? problem(404, NO_FAULTS) : ok(await host.faults());

const about: Ask = ({ declared: { environment, region, account }, host }) => {
  const body: About = { environment, region, account, local: host !== undefined };
  return Promise.resolve(ok(body));
};

const PATHS: ReadonlyArray<readonly [path: RegExp, ask: Ask]> = [
  [/^\/api\/about$/, about],
  [/^\/api\/map$/, ({ map }) => Promise.resolve(ok(map))],
  [/^\/api\/orders$/, orders],
  [/^\/api\/orders\/([\w.-]+)$/, order],
  [/^\/api\/metrics$/, metrics],
  [/^\/api\/runs$/, runs],
  [/^\/api\/runs\/([\w.-]+)$/, run],
  [/^\/api\/queues$/, async (context) => ok(await listQueues(context))],
  [/^\/api\/functions$/, async (context) => ok(await listFunctions(context))],
  [/^\/api\/functions\/([\w.-]+)$/, log],
  [/^\/api\/announcements$/, announcements],
  [/^\/api\/permissions$/, permissions],
  [/^\/api\/faults$/, faults],
];

const STATUS_OF: Readonly<Record<Why, number>> = {
  denied: 403,
  credentials: 403,
  throttled: 503,
  unreachable: 503,
};

const failed = (error: unknown): Answer =>
  error instanceof Unread
    ? problem(STATUS_OF[error.why], reasonOf(error))
    : problem(502, `AWS did not answer as expected: ${reasonOf(error)}`);

export const answerTo = async (context: Context, { pathname, searchParams }: URL): Promise<Answer> => {
  for (const [path, ask] of PATHS) {
    const found = path.exec(pathname);
    if (found !== null) return ask(context, searchParams, found.slice(1)).catch(failed);
  }
  return problem(404, `There is nothing at ${pathname}.`);
};

const Switch = exactly({ on: t.boolean }, {}, "a switch {on}");

/** Switches a fault of the local platform on or off: the one thing that a page may change. */
export const change = async ({ host }: Context, { pathname }: URL, body: unknown): Promise<Answer> => {
  const [, rule] = /^\/api\/faults\/([\w[\]]+)$/.exec(decodeURI(pathname)) ?? [];
  if (rule === undefined) return problem(404, `There is nothing to change at ${pathname}.`);
  if (host === undefined) return problem(404, NO_FAULTS);
  if (!Switch.is(body)) return problem(400, 'Expected {"on": true} or {"on": false}.');
  return (await host.switchFault(rule, body.on))
    ? ok(await host.faults())
    : problem(404, `There is no fault ${rule}.`);
};
