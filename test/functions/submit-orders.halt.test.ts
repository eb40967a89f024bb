import * as E from "fp-ts/Either";
import { ClientInstant } from "../../functions/domain/instant";
import type { TradingState } from "../../functions/domain/trading";
import type { Refused } from "../../functions/ports/capabilities";
import { ambiguous, type PortError, transient } from "../../functions/ports/errors";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { auctionOf } from "../support/auction";
import { delivery } from "../support/delivery";
import { order, World } from "../support/in-memory";

const SINCE = "2026-01-01T00:00:00.000Z";
const HALTED: TradingState = {
  state: "halted",
  at: SINCE,
  since: SINCE,
  reason: "the desk: prices are wrong",
  intake: "open",
  announced: true,
};
const RESUMED: TradingState = { state: "resumed", at: SINCE, reason: "prices are right", announced: true };

/** Submits orders; each answer of the auction platform is made when it is asked, the last again and again. */
const submit = async (
  world: World,
  ids: ReadonlyArray<number>,
  answers: ReadonlyArray<() => E.Either<PortError | Refused, void>> = [() => E.right(undefined)],
  testOrders: "submitted" | "closed" = "submitted",
) => {
  let sent = 0;
  const failed = await submitOrders(ids.map((id) => delivery(id)))({
    ...world.ports,
    auction: auctionOf(
      () => () => Promise.resolve((answers[sent++] ?? answers.at(-1) ?? (() => E.right(undefined)))()),
    ),
    deadline: world.deadline,
    testOrders,
    invocation: "one",
  })();
  return { failed, sent };
};

const gate = (ms: number): { readonly valid_until: ClientInstant } => {
  const text = new Date(Date.parse(SINCE) + ms).toISOString();
  if (!ClientInstant.is(text)) throw new Error(text);
  return { valid_until: text };
};

const attemptsOf = (world: World, id: number) => world.orders.get(order(id).order_id)?.attempts;

describe("while trading is halted", () => {
  it("nothing is sent, and every message is done, however often it was delivered", async () => {
    const world = new World();
    world.said = HALTED;
    world.given(1, "received");
    world.given(2, "received", gate(60_000));
    expect(await submit(world, [1, 2])).toEqual({ failed: [], sent: 0 });
    expect([1, 2].map((id) => world.status(id))).toEqual(["received", "received"]);
    expect(attemptsOf(world, 2)).toBeUndefined();
    expect(world.logged.map(({ event }) => event)).toEqual(Array(2).fill("order left to the resume"));
  });

  it("an order whose gate has closed expires all the same", async () => {
    const world = new World();
    world.said = HALTED;
    world.given(1, "received", gate(0));
    expect(await submit(world, [1])).toEqual({ failed: [], sent: 0 });
    expect(world.status(1)).toBe("expired");
  });

  it("a test order is closed where none is sent anyway", async () => {
    const world = new World();
    world.said = HALTED;
    world.given(1, "received", { product: "smoke-test" });
    await submit(world, [1], undefined, "closed");
    expect(world.status(1)).toBe("rejected");
  });
});

it("a halt within a batch stops what has not been sent yet", async () => {
  const world = new World();
  const ids = Array.from({ length: 10 }, (_, index) => index + 1);
  for (const id of ids) world.given(id, "received");
  const halt = () => {
    world.said = HALTED;
    return E.right(undefined);
  };
  const { failed, sent } = await submit(world, ids, [() => E.right(undefined), halt]);
  expect(failed).toEqual([]);
  // Those that were on their way when trading was halted are five at most.
  expect(sent).toBeLessThanOrEqual(6);
  expect(ids.filter((id) => world.status(id) === "submitted")).toHaveLength(sent);
});

describe("a halt between two attempts", () => {
  const haltAfter = (world: World, error: PortError) => () => {
    world.said = HALTED;
    return E.left(error);
  };

  it.each([
    ["no answer: it may have been sent, and stays noted so", ambiguous("submitting", "timed out"), 1],
    ["no connection: it was not sent", transient("submitting", "ECONNREFUSED"), 0],
  ])("ends them after %s", async (_, error, noted) => {
    const world = new World();
    world.given(1, "received", gate(3_600_000));
    expect(await submit(world, [1], [haltAfter(world, error)])).toEqual({ failed: [], sent: 1 });
    expect(attemptsOf(world, 1) ?? []).toHaveLength(noted);
    world.said = RESUMED;
    expect(await submit(world, [1])).toEqual({ failed: [], sent: 1 });
    expect(world.status(1)).toBe("submitted");
  });
});

it.each([
  ["for a moment", ["before"], 1, []],
  ["at all", Array<"before">(1_000).fill("before"), 0, ["m1", "m2"]],
  ["ever, because of what stands there", Array<"permanent">(1_000).fill("permanent"), 0, ["m1", "m2"]],
] as const)(
  "where nobody can say %s whether it is halted, messages come again",
  async (_, faults, most, back) => {
    const world = new World();
    world.given(1, "received");
    world.given(2, "received");
    world.faults.next("trading", ...faults);
    const { failed, sent } = await submit(world, [1, 2]);
    expect(sent === 0).toBe(most === 0);
    expect(failed).toEqual(back);
    expect(world.postponed).toHaveLength(back.length);
  },
);
