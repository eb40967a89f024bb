import { newest } from "../../../local/engine/newest";

it("keeps the newest, the last one first", () => {
  const { put, all } = newest<number>(2);
  for (const one of [1, 2, 3]) put(one);
  expect(all()).toEqual([3, 2]);
});
