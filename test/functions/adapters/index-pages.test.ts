import fc from "fast-check";
import { mergePages, type PartitionPage, type Row } from "../../../functions/adapters/index-pages";
import { order } from "../../support/in-memory";

const rows: fc.Arbitrary<ReadonlyArray<ReadonlyArray<Row>>> = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 60 })
  .chain((ids) =>
    fc
      .array(fc.nat(4), { minLength: ids.length, maxLength: ids.length })
      .map((homes) =>
        [0, 1, 2, 3, 4].map((partition) =>
          ids
            .filter((_, index) => homes[index] === partition)
            .map((id) => ({ id: order(id).order_id, place: String(id).padStart(3, "0") })),
        ),
      ),
  );

/** Reads a partition as DynamoDB does: at most `limit` rows after a place, and how far it looked. */
const read =
  (newestFirst: boolean, limit: number, after: string | undefined) =>
  (partition: ReadonlyArray<Row>): PartitionPage => {
    const left = partition
      .filter(({ place }) => after === undefined || (newestFirst ? place < after : place > after))
      .sort((a, b) => (a.place < b.place === newestFirst ? 1 : -1));
    const page = left.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page,
      ...(last !== undefined && page.length === limit ? { readTo: last.place } : {}),
    };
  };

describe("a walk through the partitions of an index", () => {
  it("meets every row once, in order, however far each partition was read, and ends", () => {
    fc.assert(
      fc.property(
        rows,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }),
        (partitions, newestFirst, limit, readUpTo) => {
          const seen: number[] = [];
          let after: string | undefined;
          for (let pages = 0; pages < 200; pages += 1) {
            const { ids, next } = mergePages({ newestFirst, limit })(
              partitions.map((partition, index) => read(newestFirst, readUpTo[index] ?? 1, after)(partition)),
            );
            expect(ids.length).toBeLessThanOrEqual(limit);
            seen.push(...ids);
            after = next;
            if (next === undefined) break;
          }
          expect(after).toBeUndefined();
          const all = partitions.flat().map(({ id }) => id);
          expect(seen).toEqual(all.sort((a, b) => (newestFirst ? b - a : a - b)));
        },
      ),
    );
  });
});
