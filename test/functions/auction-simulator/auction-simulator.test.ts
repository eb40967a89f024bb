import { isDeepStrictEqual } from "node:util";
import * as E from "fp-ts/Either";
import * as TE from "fp-ts/TaskEither";
import fc from "fast-check";
import { enter } from "../../../functions/auction-simulator/auction-simulator";
import type { Entry } from "../../../functions/auction-simulator/entry";
import type { Ledger } from "../../../functions/auction-simulator/ledger";
import {
  type Auction,
  award,
  decidedAt,
  isRefused,
  verdict,
} from "../../../functions/auction-simulator/verdicts";
import { awardFault } from "../../../functions/domain/award";
import { OrderId, TEST_PRODUCT } from "../../../functions/domain/order";
import { arbitrary } from "../../support/arbitrary";
import { order, World } from "../../support/in-memory";

const auction: Auction = {
  seed: "s",
  refusal: 0.05,
  acceptance: 0.7,
  partial: 0,
  preliminary: 0,
  delaySeconds: { min: 10, max: 60 },
};
const many = Array.from({ length: 10_000 }, (_, index) => order(index + 1).order_id);
const share = (holds: (id: OrderId) => boolean): number => many.filter(holds).length / many.length;

describe("the simulated auction", () => {
  it("decides the same for the same seed, and otherwise for another", () => {
    fc.assert(
      fc.property(arbitrary(OrderId), (id) => expect(verdict(auction, id)).toBe(verdict({ ...auction }, id))),
    );
    const other = { ...auction, seed: "t" };
    expect(share((id) => verdict(auction, id) === verdict(other, id))).toBeLessThan(0.9);
  });

  it("accepts and refuses the shares it is told", () => {
    expect(share((id) => verdict(auction, id) === "accepted")).toBeCloseTo(0.7, 1);
    expect(share((id) => isRefused(auction, id))).toBeCloseTo(0.05, 1);
    expect(share((id) => isRefused({ ...auction, refusal: 0 }, id))).toBe(0);
    expect(share((id) => verdict({ ...auction, acceptance: 1 }, id) === "accepted")).toBe(1);
  });

  it("awards less than was ordered where it is told to, and otherwise all of it without a word", () => {
    const partial = { ...auction, partial: 0.2 };
    const awards = many.map((id) => ({ id, award: award(partial, order(id, "P", -5), "accepted") }));
    expect(awards.filter(({ award: { price } }) => price !== undefined).length / many.length).toBeCloseTo(
      0.2,
      1,
    );
    expect(share((id) => isDeepStrictEqual(award(auction, order(id), "accepted"), {}))).toBe(1);
    for (const { id, award: drawn } of awards) {
      expect(awardFault({ status: "accepted", power: -5, ...drawn })).toBeUndefined();
      expect(drawn.awarded_power).not.toBe(-5);
      expect(award(partial, order(id, "P", -5), "accepted")).toEqual(drawn);
    }
    for (const power of [0, 1, -1, Number.MAX_SAFE_INTEGER])
      expect(
        awardFault({
          status: "accepted",
          power,
          ...award({ ...auction, partial: 1 }, order(1, "P", power), "accepted"),
        }),
      ).toBeUndefined();
    expect(award({ ...auction, partial: 1 }, order(1), "rejected")).toEqual({
      reason: "the price was not reached",
    });
  });

  it("never gives a result earlier than its least delay: no page already read can change", () => {
    const submitted = new Date("2026-01-01T00:00:00Z");
    fc.assert(
      fc.property(arbitrary(OrderId), (id) => {
        const seconds = (decidedAt(auction, id, submitted).getTime() - submitted.getTime()) / 1_000;
        expect(seconds).toBeGreaterThanOrEqual(10);
        expect(seconds).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("accepts a test order even where it refuses and rejects everything else", async () => {
    const nothing = { ...auction, refusal: 1, acceptance: 0, partial: 1, preliminary: 1 };
    const entered: Entry[] = [];
    const ledger: Ledger = {
      enter: (entry) => {
        entered.push(entry);
        return TE.right(entry);
      },
      withdraw: () => TE.right(false),
      results: () => TE.right({ results: [], datedAhead: 0 }),
    };
    const needs = { ledger, auction: nothing, clock: new World().ports.clock, log: new World().ports.log };
    expect(E.isRight(await enter(order(1, TEST_PRODUCT), "order-1")(needs)())).toBe(true);
    expect(E.isLeft(await enter(order(2), "order-2")(needs)())).toBe(true);
    expect(entered.map(({ status }) => status)).toEqual(["accepted", "refused"]);
    expect(entered[0]).not.toHaveProperty("final_at");
    expect(entered[0]).not.toHaveProperty("awarded_power");
  });
});
