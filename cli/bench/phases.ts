/** The parts of an order's way, each in a run of the local platform of its own, so that what is counted is of it alone. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRight } from "fp-ts/Either";
import * as t from "io-ts";
import type { FunctionName } from "../../environments/environment";
import { operated } from "../operated";
import { callsTo } from "../orders-api/client";
import { batches, client } from "../soak/client";
import { freePort, type Platform, startPlatform } from "../soak/platform";
import { type Counted, counted, reached } from "./counted";
import { writeEarlier } from "./earlier";

export const PHASES = ["intake", "submission", "results", "listing"] as const;
export type Phase = (typeof PHASES)[number];
export type Measured = Counted & { readonly ms: number };

const CLIENTS = 4;
const ORDERS_A_REQUEST = 100;
const ORDERS_A_PAGE = 100;
const LOOK_MS = 200;
/** If nothing more happens for so long, nothing will. */
const PATIENCE_MS = 300_000;

/** Nothing leaves the queue: orders are taken, and go no further. */
const HELD = { seed: 1, calls: [{ service: "sqs", operation: "ReceiveMessage", error: "throttle" }] };

/** Posts orders with ids from 1 on. */
export const postAll = async (apiUrl: string, orders: number, each = ORDERS_A_REQUEST): Promise<void> => {
  const all = batches(orders, each);
  await Promise.all(
    Array.from({ length: CLIENTS }, () =>
      client(
        apiUrl,
        all,
        () => undefined,
        () => 1,
      ),
    ),
  );
};

const until = async (count: () => Promise<number>, orders: number): Promise<void> => {
  let most = 0;
  for (let since = Date.now(); most < orders;) {
    const now = await count();
    if (now > most) {
      most = now;
      since = Date.now();
    }
    if (Date.now() - since > PATIENCE_MS)
      throw new Error(`${most} of ${orders} orders came so far, and no more`);
    await sleep(LOOK_MS);
  }
};

const Page = t.intersection([t.type({ orders: t.array(t.unknown) }), t.partial({ cursor: t.string })]);

const listAll = async (apiUrl: string, orders: number): Promise<void> => {
  const { list } = callsTo(new URL(apiUrl), { attempts: 10 });
  let listed = 0;
  for (let cursor: string | undefined; ;) {
    const answer = await list({ limit: ORDERS_A_PAGE, ...(cursor === undefined ? {} : { cursor }) })();
    if (!isRight(answer) || !Page.is(answer.right.body)) throw new Error("the list was not answered");
    listed += answer.right.body.orders.length;
    cursor = answer.right.body.cursor;
    if (cursor === undefined || listed >= orders) break;
  }
  if (listed !== orders) throw new Error(`${listed} of ${orders} orders were listed`);
};

const WORK: Readonly<Record<Phase, (platform: Platform, orders: number) => Promise<void>>> = {
  intake: ({ apiUrl }, orders) => postAll(apiUrl, orders),
  submission: ({ awsUrl }, orders) => until(() => reached(awsUrl, "submitted"), orders),
  results: ({ awsUrl }, orders) => until(() => reached(awsUrl, "accepted", "rejected"), orders),
  listing: ({ apiUrl }, orders) => listAll(apiUrl, orders),
};

/** The local environment, with time enough for a busy machine, and an auction that refuses nothing. */
const writeEnvironment = (folder: string): string => {
  const { auction, functions, schedules, ...environment } = operated("local");
  const patient = (name: FunctionName, timeout_seconds: number) => ({
    [name]: { ...functions[name], timeout_seconds },
  });
  const environments = join(folder, "environments");
  mkdirSync(environments, { recursive: true });
  writeFileSync(
    join(environments, "local.json"),
    JSON.stringify({
      ...environment,
      auction: { ...auction, refusal: 0 },
      functions: {
        ...functions,
        ...patient("place-orders", 29),
        ...patient("query-orders", 29),
        ...patient("submit-orders", 60),
        ...patient("fetch-results", 60),
        ...patient("archive-results", 60),
      },
      // An order that waits for its phase is not stuck.
      schedules: { ...schedules, sweep: { ...schedules.sweep, enabled: false } },
    }),
  );
  return environments;
};

/** Runs a platform on what the runs before it left in the folder. */
export const running = async <A>(
  folder: string,
  phase: Phase,
  work: (platform: Platform) => Promise<A>,
): Promise<A> => {
  const faults = join(folder, "held.json");
  writeFileSync(faults, JSON.stringify(HELD));
  const platform = await startPlatform({
    data: join(folder, "data"),
    port: await freePort(),
    awsPort: await freePort(),
    environments: writeEnvironment(folder),
    schedule: phase === "results" ? "rate(1 second)" : "off",
    ...(phase === "intake" ? { faults } : {}),
  });
  try {
    return await work(platform);
  } finally {
    await platform.stop();
  }
};

export const inFolder = async <A>(work: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "orders-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * What each phase of so many orders took, said as each ends.
 *
 * @param earlier orders that are there before them
 */
export const phasesOf = (
  orders: number,
  earlier: number,
  say: (line: string) => void,
): Promise<ReadonlyMap<Phase, Measured>> =>
  inFolder(async (folder) => {
    if (earlier > 0) {
      say(`  ${earlier.toLocaleString("en")} earlier ones …`);
      await running(folder, "listing", ({ awsUrl }) => writeEarlier(awsUrl, orders + 1, earlier));
    }
    const measured = new Map<Phase, Measured>();
    for (const phase of PHASES)
      await running(folder, phase, async (platform) => {
        const began = performance.now();
        await WORK[phase](platform, orders);
        const ms = performance.now() - began;
        measured.set(phase, { ms, ...(await counted(platform.awsUrl)) });
        say(`  ${phase}: ${(ms / 1_000).toFixed(1)} s`);
      });
    return measured;
  });
