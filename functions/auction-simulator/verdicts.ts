import type { OrderId } from "../domain/order";
import type { Verdict } from "../domain/status";

/** How the simulated auction behaves. The same seed decides the same orders the same way. */
export type Auction = {
  readonly seed: string;
  /** The share of submissions refused at once. */
  readonly refusal: number;
  /** Of the others, the share that is accepted. */
  readonly acceptance: number;
  /** Seconds from submission to result, between these two. */
  readonly delaySeconds: { readonly min: number; readonly max: number };
};

/** FNV-1a with a final avalanche: a number in [0, 1) that depends on nothing but the seed, the order and the question. */
const chance = (seed: string, question: string, id: OrderId): number => {
  let hash = 0x811c_9dc5;
  for (const character of `${seed}/${question}/${id}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
};

export const isRefused = ({ seed, refusal }: Auction, id: OrderId): boolean =>
  chance(seed, "refusal", id) < refusal;

export const verdict = ({ seed, acceptance }: Auction, id: OrderId): Verdict =>
  chance(seed, "verdict", id) < acceptance ? "accepted" : "rejected";

/** When the result is out. At least `min` after submission: what is out already never changes. */
export const decidedAt = (
  { seed, delaySeconds: { min, max } }: Auction,
  id: OrderId,
  submitted: Date,
): Date => new Date(submitted.getTime() + 1_000 * (min + (max - min) * chance(seed, "delay", id)));
