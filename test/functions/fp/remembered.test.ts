import * as E from "fp-ts/Either";
import { remembered } from "../../../functions/fp/remembered";

/** Answers by their numbers, at times that a test sets. */
const world = (isKept?: (answer: number) => boolean) => {
  const recall = remembered<string, number>(1_000, isKept);
  const at = { time: 10_000, asked: 0, fails: false };
  const ask = (): Promise<E.Either<string, number>> => {
    at.asked += 1;
    return Promise.resolve(at.fails ? E.left("down") : E.right(at.asked));
  };
  return { at, recall: recall({ now: () => new Date(at.time) }, ask) };
};

it("is asked again after its time, not before", async () => {
  const { at, recall } = world();
  for (const [time, answer] of [
    [10_000, 1],
    [10_999, 1],
    [11_000, 2],
    [11_999, 2],
  ] as const) {
    at.time = time;
    expect(await recall()).toEqual(E.right(answer));
  }
});

it("is asked once by those who ask at the same time", async () => {
  const { at, recall } = world();
  await Promise.all([recall(), recall(), recall()]);
  expect(at.asked).toBe(1);
});

it("forgets failures, and what is not to be kept", async () => {
  const { at, recall } = world((answer) => answer > 3);
  at.fails = true;
  expect(await recall()).toEqual(E.left("down"));
  at.fails = false;
  for (const answer of [2, 3, 4, 4]) expect(await recall()).toEqual(E.right(answer));
});

it("is asked again once the clock was put back", async () => {
  const { at, recall } = world();
  await recall();
  at.time -= 3_600_000;
  expect(await recall()).toEqual(E.right(2));
});
