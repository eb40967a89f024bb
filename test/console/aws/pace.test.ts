import { remembering, turns } from "../../../console/aws/pace";

beforeEach(() => jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask"] }));
afterEach(() => jest.useRealTimers());

/** Lets so much time pass, and whatever waits for it happen. */
const pass = (ms: number): Promise<unknown> => jest.advanceTimersByTimeAsync(ms);

it("lets so many calls a second through, in the order in which they come", async () => {
  const turn = turns(4);
  const through: number[] = [];
  for (let call = 0; call < 8; call += 1) void turn().then(() => through.push(call));
  await pass(0);
  expect(through).toEqual([0]);
  await pass(1_000);
  expect(through).toEqual([0, 1, 2, 3, 4]);
  await pass(10_000);
  void turn().then(() => through.push(8));
  void turn().then(() => through.push(9));
  await pass(0);
  expect(through).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it("holds up nothing where there is no limit", async () => {
  const turn = turns();
  let through = 0;
  for (let call = 0; call < 100; call += 1) void turn().then(() => (through += 1));
  await pass(0);
  expect(through).toBe(100);
});

it("reads once what is asked for while it is read, and for so long afterwards", async () => {
  const read = remembering<number>(1_000);
  let reads = 0;
  const ask = (key: string) => read(key, () => Promise.resolve((reads += 1)));
  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual([1, 1, 2]);
  await pass(999);
  expect(await ask("a")).toBe(1);
  await pass(1);
  expect(await ask("a")).toBe(3);
});

it("reads again what failed", async () => {
  const read = remembering<number>(1_000);
  await expect(read("a", () => Promise.reject(new Error("throttled")))).rejects.toThrow("throttled");
  expect(await read("a", () => Promise.resolve(1))).toBe(1);
});
