import type { OrderId } from "../domain/order";
import type { IndexPage } from "../ports/capabilities";

/** An order's row in an index. A place is unique: a time and the order's id. */
export type Row = { readonly id: OrderId; readonly place: string };

/** A page of one partition of an index, in the order of the walk. */
export type PartitionPage = {
  readonly rows: ReadonlyArray<Row>;
  /** The last place looked at; none where the partition was read to its end. */
  readonly readTo?: string;
};

export type Walk = {
  readonly newestFirst: boolean;
  /** Rows a page has at most. */
  readonly limit: number;
  /** Rows of each partition that are looked at for a page. */
  readonly rows: number;
};

/**
 * One page of all partitions in the order of their places. It ends at the first place up to which some
 * partition has been read: beyond that, this partition may have rows that come before the others'.
 */
export const mergePages =
  ({ newestFirst, limit }: Pick<Walk, "newestFirst" | "limit">) =>
  (partitions: ReadonlyArray<PartitionPage>): IndexPage => {
    const compare = (a: string, b: string): number => (a === b ? 0 : a < b === newestFirst ? 1 : -1);
    const [horizon] = partitions.flatMap(({ readTo }) => readTo ?? []).sort(compare);
    const known = partitions
      .flatMap(({ rows }) => rows)
      .filter(({ place }) => horizon === undefined || compare(place, horizon) <= 0)
      .sort((a, b) => compare(a.place, b.place));
    const page = known.slice(0, limit);
    const next = page.length < known.length ? page.at(-1)?.place : horizon;
    return {
      ids: [...new Set(page.map(({ id }) => id))],
      ...(next === undefined ? {} : { next }),
    };
  };
