/**
 * What reading a request exactly costs, beside `JSON.parse` alone. Both take turns in one run, so that a busy
 * machine slows both. Run it with `npx esbuild --bundle --platform=node test/bench/json.bench.ts | node`.
 */
import { isLeft } from "fp-ts/Either";
import { readJson } from "../../lib/json";

const body = JSON.stringify({
  orders: Array.from({ length: 1_000 }, (_, index) => ({
    order_id: 1_000_000 + index,
    product: `Product${index % 7}`,
    power: (index % 201) - 100,
  })),
});

const ROUNDS = 20;
const READS = 50;

const timed = (read: () => unknown): number => {
  const begun = process.hrtime.bigint();
  for (let count = 0; count < READS; count += 1) read();
  return Number(process.hrtime.bigint() - begun) / READS / 1e6;
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

if (isLeft(readJson(body))) throw new Error("not JSON");
const parsing: number[] = [];
const reading: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  parsing.push(timed(() => JSON.parse(body)));
  reading.push(timed(() => readJson(body)));
}
const [parse, read] = [median(parsing), median(reading)];
console.log(`1,000 orders, ${body.length} bytes`);
console.log(`JSON.parse  ${parse.toFixed(3)} ms`);
console.log(`readJson    ${read.toFixed(3)} ms, ${(read / parse).toFixed(1)} times as long`);
