import type { Award } from "../domain/award";
import type { Order, OrderId } from "../domain/order";
import type { Verdict } from "../domain/status";

/** How the simulated auction behaves. The same seed decides the same orders the same way. */
export type Auction = {
  readonly seed: string;
  /** The share of submissions refused at once. */
  readonly refusal: number;
  /** Of the others, the share that is accepted. */
  readonly acceptance: number;
  /** Of the accepted ones, the share that gets less than was ordered, at a price; of the rejected ones, that says why. */
  readonly partial: number;
  /** The share with a preliminary result before the final one. */
  readonly preliminary: number;
  /** Seconds from submission to result, and from a preliminary one to the final one, between these two. */
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

const delayed = (
  { seed, delaySeconds: { min, max } }: Auction,
  question: string,
  id: OrderId,
  since: Date,
): Date => new Date(since.getTime() + 1_000 * (min + (max - min) * chance(seed, question, id)));

export const isRefused = ({ seed, refusal }: Auction, id: OrderId): boolean =>
  chance(seed, "refusal", id) < refusal;

export const verdict = ({ seed, acceptance }: Auction, id: OrderId): Verdict =>
  chance(seed, "verdict", id) < acceptance ? "accepted" : "rejected";

/** Some of the order at a price, a reason, or nothing: as the original system has it, everything at no price. */
export const award = ({ seed, partial }: Auction, { order_id: id, power }: Order, status: Verdict): Award => {
  if (chance(seed, "partial", id) >= partial) return {};
  if (status === "rejected") return { reason: "the price was not reached" };
  const less = Math.floor(chance(seed, "awarded", id) * (Math.abs(power) - 1));
  return {
    awarded_power: Math.sign(power) * (less + 1),
    price: (chance(seed, "price", id) * 200 - 20).toFixed(2),
    currency: "EUR",
  };
};

/** When a preliminary result becomes final; undefined where the first one is final. */
export const finalAt = (auction: Auction, id: OrderId, decided: Date): Date | undefined =>
  chance(auction.seed, "preliminary", id) < auction.preliminary
    ? delayed(auction, "final", id, decided)
    : undefined;

/** When the result is out. At least `min` after submission: what is out already never changes. */
export const decidedAt = (auction: Auction, id: OrderId, submitted: Date): Date =>
  delayed(auction, "delay", id, submitted);
