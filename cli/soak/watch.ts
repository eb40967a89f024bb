import { setTimeout as sleep } from "node:timers/promises";
import * as t from "io-ts";

const Order = t.type({ order_id: t.number, status: t.string });

const RANK: Readonly<Record<string, number>> = {
  received: 0,
  submitted: 1,
  accepted: 2,
  rejected: 2,
  expired: 2,
  cancelled: 2,
};
const LOOKS_AT_ONCE = 4;
/** So that looking takes a small part of the processors: the platform is to have the rest. */
const BETWEEN_LOOKS_MS = 200;

/**
 * Asks for orders by id (a consistent read, which a list is not) all the while, at random among those answered
 * lately, and counts statuses that went back.
 */
export const watchStatuses = (apiUrl: string, answered: ReadonlyArray<number>) => {
  const seen = new Map<number, string>();
  let backwards = 0;
  let stopped = false;
  const pick = (): number | undefined => {
    const recent = Math.min(answered.length, 300);
    return answered.at(-1 - Math.floor(Math.random() * recent));
  };
  const look = async (id: number): Promise<void> => {
    const response = await fetch(`${apiUrl}/orders/${id}`, { signal: AbortSignal.timeout(5_000) });
    const order: unknown = await response.json();
    if (!Order.is(order)) return;
    const before = seen.get(id);
    const rank = RANK[order.status] ?? 0;
    const rankBefore = before === undefined ? 0 : (RANK[before] ?? 0);
    if (rank < rankBefore || (rank === 2 && rankBefore === 2 && before !== order.status)) backwards += 1;
    seen.set(id, order.status);
  };
  const watcher = async (): Promise<void> => {
    while (!stopped) {
      const id = pick();
      // The platform is killed now and then: there is nothing to see until it is back.
      if (id !== undefined) await look(id).catch(() => undefined);
      await sleep(BETWEEN_LOOKS_MS);
    }
  };
  const running = Promise.all(Array.from({ length: LOOKS_AT_ONCE }, watcher));
  return {
    stop: async (): Promise<number> => {
      stopped = true;
      await running;
      return backwards;
    },
  };
};
