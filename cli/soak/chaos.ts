/** What `--chaos` adds to a soak: each kind of it has a name, and can be left out by it. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Row, zero } from "./audit";
import { listedWrong, queued } from "./lists";
import { NotStarted, type Platform } from "./platform";

export const KINDS = ["clock", "disk", "rude", "repeat", "damage"] as const;
export type Kind = (typeof KINDS)[number];

/** Back and forth, by seconds and by hours; most starts of a platform that is killed see one or two of them. */
export const clockJumps = (
  draw: () => number,
): ReadonlyArray<{ readonly at: number; readonly by: number }> => [
  { at: 1 + 2 * draw(), by: -10 },
  { at: 4 + 4 * draw(), by: -7_200 },
  { at: 10 + 5 * draw(), by: 10_800 },
  { at: 20 + 10 * draw(), by: -3_590 },
];

/** A database's log reaches this size soon. */
const FULL_AT_BYTES = 96 * 1_024;
const FULL_WITHIN_MS = 15_000;

const badlyTold = (said: string): boolean => /^ +at |Error:.*\n.*\bat\b/m.test(said);

/**
 * Fills the disk while orders come in. The platform may refuse them, or end with a line that says why;
 * with room again it goes on.
 * @param data its data folder, whose stack it runs then: to synthesize one takes more room
 */
export const fillDisk = async (
  platform: Platform,
  data: string,
  say: (text: string) => void,
): Promise<Row> => {
  const row = (count: number): Row => zero("disk full, badly told", count);
  if (process.platform === "win32") {
    say("disk full: left out: this system limits no process's files");
    return row(0);
  }
  const stack = `${data}-stack`;
  cpSync(join(data, "stack", "stacks", "local"), stack, { recursive: true });
  const said = await platform.killAndStart({ fileLimit: FULL_AT_BYTES, stack }).then(
    () => platform.ended(FULL_WITHIN_MS),
    (error: unknown) => (error instanceof NotStarted ? error.said : String(error)),
  );
  const last = said?.trim().split("\n").at(-1);
  say(`disk full: ${last === undefined ? "the platform went on" : `the platform ended: ${last}`}`);
  await platform.killAndStart({ fileLimit: undefined, stack: undefined });
  return row(said !== undefined && badlyTold(said) ? 1 : 0);
};

const PATIENCE_MS = 60_000;

/** Polls until nothing is wrong, or for a minute: an index and a queue may lag. */
const settled = async (ask: () => Promise<number>): Promise<number> => {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    const count = await ask();
    if (count === 0 || Date.now() > until) return count;
    await sleep(500);
  }
};

/** Whether list and queue agree with the table, once every order is decided. */
export const agreement = async (
  { apiUrl, awsUrl }: Platform,
  table: ReadonlyMap<number, string>,
): Promise<ReadonlyArray<Row>> => [
  zero("listed wrongly", await settled(() => listedWrong(apiUrl, table))),
  zero("left in the queue", await settled(() => queued(awsUrl))),
];
