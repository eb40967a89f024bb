import { batchesOf } from "../../../cli/submit/batches";
import { collected } from "../../support/collected";

const HEADER = "order_id,product,power\n";

describe("batches", () => {
  it("hold what a request takes, and nothing more of the file is read than they need", async () => {
    let pulled = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(HEADER);
      for (let id = 1; ; id += 1) {
        pulled += 1;
        yield await Promise.resolve(Buffer.from(`${id},P,1\n`));
      }
    }
    const batches = batchesOf(endless(), "endless.csv", "csv");
    for (let batch = 1; batch <= 3; batch += 1) {
      expect((await batches.next()).value).toHaveLength(1_000);
      expect(pulled).toBe(batch * 1_000 + 1);
    }
    await batches.return(undefined);
  });

  it("are no larger than a request may be", async () => {
    const reference = "x".repeat(10_000);
    async function* large(): AsyncGenerator<Buffer> {
      yield Buffer.from("order_id,product,power,reference\n");
      for (let id = 1; id <= 300; id += 1) yield Buffer.from(`${id},P,1,${reference}\n`);
      await Promise.resolve();
    }
    const batches = await collected(batchesOf(large(), "large.csv", "csv"));
    const bodies = batches.map((batch) =>
      JSON.stringify({ orders: batch.map(({ order }) => ("right" in order ? order.right : undefined)) }),
    );
    expect(batches.map(({ length }) => length)).toEqual([104, 104, 92]);
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_048_576);
  });
});
