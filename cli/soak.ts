/** `npm run soak -- --orders N`: what stays true under faults; see `soak/chaos.ts`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CLOSED } from "../functions/domain/archive";
import { command, main, run } from "../lib/command";
import { type Progress, progress } from "../lib/progress";
import { archivedOrders, judge, readAudit, type Row, statusesOf } from "./soak/audit";
import { agreement, clockJumps, fillDisk, type Kind, KINDS } from "./soak/chaos";
import { batches, client } from "./soak/client";
import { damageCopies } from "./soak/damage";
import { trade, writeDeskEnvironment } from "./soak/desk";
import { judgeDesk, NOT_ARCHIVED } from "./soak/desk-audit";
import { random } from "./soak/random";
import { halfSent, rudeClients } from "./soak/rude-clients";
import { soakFaults } from "./soak/faults";
import { freePort, type Platform, startPlatform } from "./soak/platform";
import { watchStatuses } from "./soak/watch";
import { someWrites } from "./soak/writes";

const CLIENTS = 4;
const ORDERS_A_REQUEST = 50;
/** If no order is decided for so long, none will be. */
const PATIENCE_MS = 240_000;

// A signal ends the platform with it, by its exit handler.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const started = Date.now();
const print = (text: string): void =>
  console.log(`${((Date.now() - started) / 1_000).toFixed(0).padStart(5)} s  ${text}`);

let shown: Progress | undefined;
const say = (text: string): void => (shown?.say ?? print)(text);

/** Shows how many orders of all have come so far, until it is ended. */
const showing = (of: string, total: number): Progress => {
  shown = progress({ of, total, print });
  return shown;
};

const wholeNumber = (option: string, value: string): number => {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${option} ${value}: expected a whole number`);
  return Number(value);
};

/** Kills spread over the posting: each after its share of the orders has been answered. */
const killing = async (
  platform: Platform,
  kills: number,
  orders: number,
  answered: ReadonlySet<number>,
  moment: () => Promise<unknown>,
): Promise<void> => {
  for (let kill = 1; kill <= kills; kill += 1) {
    const due = (orders * kill) / (kills + 1);
    while (answered.size < due) await sleep(20);
    await moment();
    await platform.killAndStart();
    say(`killed and started again (${kill} of ${kills}), ${answered.size} of ${orders} orders answered`);
  }
};

/** Not yet, at first: these are waited for. */
const OPEN: ReadonlyArray<string> = ["lost", NOT_ARCHIVED];

/** @param judged every book held against what was promised, given how many statuses went back */
const untilDecided = async (
  judged: (wentBackwards: number) => Promise<ReadonlyArray<Row>>,
  answered: ReadonlySet<number>,
  backwards: () => Promise<number>,
): Promise<ReadonlyArray<Row>> => {
  const { at, end } = showing("orders decided and accounted for", answered.size);
  let best = Number.POSITIVE_INFINITY;
  let since = Date.now();
  for (;;) {
    const begun = Date.now();
    const rows = await judged(0);
    const open = rows.reduce((sum, { name, count }) => sum + (OPEN.includes(name) ? count : 0), 0);
    if (open < best) {
      best = open;
      since = Date.now();
    }
    at(answered.size - open);
    if (open === 0 || Date.now() - since > PATIENCE_MS) {
      end();
      return judged(await backwards());
    }
    // Reading everything takes longer the more there is: most of the time is left to the platform.
    await sleep(Math.max(1_000, 4 * (Date.now() - begun)));
  }
};

const kindNamed = (name: string): Kind => {
  const found = KINDS.find((kind) => kind === name);
  if (found === undefined) throw new Error(`--without ${name}: expected one of ${KINDS.join(", ")}`);
  return found;
};

/** A request's writes take some tens of milliseconds: a kill so much later falls within some of them. */
const WITHIN_WRITES_MS = 150;
/** Other kills come right after one of the next so many writes. */
const MOST_WRITES = 40;
/** How often a client sends everything at once at most. */
const MOST_COPIES = 4;

const program = command("soak")
  .description(
    "post orders while faults happen and the platform is killed, then hold every book against what was promised",
  )
  .requiredOption("--orders <n>", "how many orders to post")
  .option("--kills <n>", "how often to kill the platform", "5")
  .option("--seed <n>", "of the faults; the same seed repeats them", "1")
  .option(
    "--chaos",
    "also kill within writes, let the clock jump, fill the disk, send slowly, half and repeatedly, and damage copies of the data",
    false,
  )
  .option(
    "--desk",
    "also trade: with gates and limits, cancelling, in a halt; some orders are awarded in part, some preliminarily",
    false,
  )
  .option("--without <kind...>", `leave out a kind of chaos: ${KINDS.join(", ")}`, [])
  .addHelpText(
    "after",
    `
It runs a platform of its own in a temporary folder.

Exit status: 0 nothing was lost, nothing counted twice, no status went back; 1 something was; 2 wrong use.`,
  );

type Options = ReturnType<typeof program.opts>;

const soak = async (values: Options): Promise<number> => {
  const orders = wholeNumber("orders", values.orders);
  const kills = wholeNumber("kills", values.kills);
  const seed = wholeNumber("seed", values.seed);
  const without = new Set(values.without.map(kindNamed));
  const has = (kind: Kind): boolean => values.chaos && !without.has(kind);
  if (values.desk && has("clock"))
    throw new Error("--desk --chaos: gates and halts need a clock that is right: add --without clock");
  const folder = mkdtempSync(join(tmpdir(), "orders-soak-"));
  const data = join(folder, "data");
  const planned = (name: string, plan: object): string => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(plan));
    return file;
  };
  const calm = planned("faults.json", soakFaults(seed));
  const faults = has("clock")
    ? planned("jumps.json", { ...soakFaults(seed), clock: clockJumps(random(seed, "clock")) })
    : calm;
  const environments = values.desk ? join(folder, "environments") : undefined;
  if (environments !== undefined) writeDeskEnvironment(environments);
  const options = { data, faults, environments, port: await freePort(), awsPort: await freePort() };
  say("starting the platform …");
  const platform = await startPlatform(options);
  try {
    say(`posting ${orders} orders with ${CLIENTS} clients, ${kills} kills, seed ${values.seed}`);
    const posting = showing("orders answered", orders);
    const answered = new Set<number>();
    const inOrder: number[] = [];
    const onAnswer = (id: number): void => {
      answered.add(id);
      posting.at(answered.size);
      inOrder.push(id);
    };
    const requests = batches(orders, ORDERS_A_REQUEST);
    const watch = watchStatuses(platform.apiUrl, inOrder);
    const rude = has("rude") ? rudeClients(options.port, seed) : undefined;
    const draw = random(seed, "repeat");
    const copies = (): number => (has("repeat") ? 1 + Math.floor(draw() * MOST_COPIES) : 1);
    const chaos: Row[] = [];
    const trouble = async (): Promise<void> => {
      if (has("disk")) chaos.push(await fillDisk(platform, data, say));
      const draw = random(seed, "kills");
      await killing(platform, kills, orders, answered, async () => {
        if (!values.chaos) return;
        if (draw() < 0.5) await sleep(draw() * WITHIN_WRITES_MS);
        else await someWrites(data, 1 + Math.floor(draw() * MOST_WRITES));
      });
    };
    const traded = new Set<number>();
    const onTrade = (id: number): void => {
      traded.add(id);
      inOrder.push(id);
    };
    const [promised] = await Promise.all([
      values.desk ? trade(platform, seed, onTrade, say) : undefined,
      trouble(),
      ...Array.from({ length: CLIENTS }, () => client(platform.apiUrl, requests, onAnswer, copies)),
    ]);
    posting.end();
    for (const id of traded) answered.add(id);
    say(`all ${answered.size} orders answered`);
    await rude?.stop();
    if (has("clock")) await platform.killAndStart({ faults: calm });
    const half = has("rude") ? halfSent(options.port) : undefined;
    const judged = async (wentBackwards: number): Promise<ReadonlyArray<Row>> => {
      const audit = await readAudit(platform.awsUrl, data);
      return [
        ...judge(audit, answered, wentBackwards, kills, promised?.posted ?? new Set()),
        ...(promised === undefined
          ? []
          : judgeDesk(audit, await archivedOrders(platform.awsUrl, CLOSED), promised, data)),
      ];
    };
    const rows = [...(await untilDecided(judged, answered, watch.stop)), ...chaos];
    if (half !== undefined) rows.push(await half());
    if (values.chaos) {
      await platform.killAndStart({ faults: undefined });
      const before = await readAudit(platform.awsUrl, data);
      rows.push(...(await agreement(platform, statusesOf(before))));
      await platform.stop();
      if (has("damage"))
        rows.push(await damageCopies({ ...options, faults: undefined }, before, random(seed, "damage"), say));
    }
    for (const { name, count, mustBeZero } of rows)
      console.log(
        `${name.padEnd(21)} ${String(count).padStart(8)}${mustBeZero === true && count > 0 ? "   must be 0" : ""}`,
      );
    return rows.some(({ count, mustBeZero }) => mustBeZero === true && count > 0) ? 1 : 0;
  } finally {
    shown?.end();
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

// What a killed platform may have left open must not keep the process.
void main(
  program.action((options) => run(2, () => soak(options)).finally(() => setImmediate(() => process.exit()))),
);
