import type { Counted } from "../../functions/domain/limits";
import type { Allowances, Share } from "../../functions/ports/capabilities";
import type { World } from "./in-memory";

type Entry = Share & { readonly product: string; readonly time: number };

/** Sums in memory, exact to the millisecond, with the faults of a world: `reserve`, `sums` and `release`. */
export class InMemoryAllowances {
  readonly entries: Entry[] = [];

  constructor(private readonly world: World) {}

  sum(product: string, sum: Counted): number {
    return this.entries
      .filter((entry) => entry.product === product && entry.of === sum)
      .filter(({ time }) => time > this.world.time - 86_400_000)
      .reduce((total, { amount }) => total + amount, 0);
  }

  private sums(product: string) {
    return { orders: this.sum(product, "orders"), power: this.sum(product, "power") };
  }

  readonly port: Allowances = {
    reserve: (product, shares, at) =>
      this.world.faults.call("count", () => {
        const sums = this.sums(product);
        if (shares.some(({ of, amount, most }) => sums[of] + amount > most)) return sums;
        this.entries.push(...shares.map(({ of, amount }) => ({ of, amount, product, time: at.getTime() })));
        return "reserved" as const;
      }),
    sums: (product) => this.world.faults.call("sums", () => this.sums(product)),
    release: (product, shares, at) =>
      this.world.faults.call("release", () => {
        this.entries.push(
          ...shares.map(({ of, amount }) => ({ of, amount: -amount, product, time: at.getTime() })),
        );
      }),
  };
}
