import * as E from "fp-ts/Either";
import fc from "fast-check";
import { ClientInstant } from "../../functions/domain/instant";
import type { TradingState } from "../../functions/domain/trading";
import type { OrderToSubmit, Refused } from "../../functions/ports/capabilities";
import { ambiguous, permanent, type PortError, transient } from "../../functions/ports/errors";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { auctionOf } from "../support/auction";
import { delivery } from "../support/delivery";
import { order, World } from "../support/in-memory";

type Answer = PortError | Refused | "taken";

/** What the auction platform says to an order, one call after the other, the last again and again; and its gate. */
type Plan = { readonly answers: ReadonlyArray<Answer>; readonly gateMs: number | undefined };

const OPERATION = "submitting an order";
const pause = fc.constantFrom(undefined, 0, 1_000, 4_000, 60_000);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 3, arbitrary: fc.constant("taken") },
  fc.constant<Refused>({ _tag: "Refused", reason: "not traded" }),
  pause.map((ms) => transient(OPERATION, "429", ms)),
  pause.map((ms) => ambiguous(OPERATION, "503", ms)),
  fc.constant(permanent(OPERATION, "401")),
);
const plan: fc.Arbitrary<Plan> = fc.record({
  answers: fc.array(answer, { minLength: 1, maxLength: 4 }),
  gateMs: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
});

const haltedSince = (time: number): TradingState => {
  const at = new Date(time).toISOString();
  return { state: "halted", at, since: at, reason: "the desk", intake: "open", announced: true };
};

const gateOf = (time: number): { readonly valid_until: ClientInstant } => {
  const text = new Date(time).toISOString();
  if (!ClientInstant.is(text)) throw new Error(text);
  return { valid_until: text };
};

/** Lets time pass for all who sleep, the next to wake up first: several may sleep at once. */
const sleepers = (world: World) => {
  const asleep: { readonly until: number; readonly wake: () => void }[] = [];
  const sleep = (ms: number) => () =>
    new Promise<void>((wake) => asleep.push({ until: world.time + ms, wake }));
  const until = async <A>(work: Promise<A>): Promise<A> => {
    const done = new AbortController();
    void work.finally(() => done.abort());
    for (;;) {
      await new Promise(setImmediate);
      if (done.signal.aborted) return work;
      asleep.sort((a, b) => b.until - a.until);
      const next = asleep.at(-1);
      if (next === undefined) continue;
      world.time = Math.max(world.time, next.until);
      while (asleep.at(-1)?.until === next.until) asleep.pop()?.wake();
    }
  };
  return { sleep, until };
};

/** Orders by their ids from 1 on, each with its plan, delivered in one batch. */
const submitted = async (plans: ReadonlyMap<number, Plan>, ordersPerCall: number, haltAtMs = Infinity) => {
  const world = new World();
  const begun = world.time;
  for (const [id, { gateMs }] of plans)
    world.given(id, "received", gateMs === undefined ? {} : gateOf(begun + gateMs));
  const sends = new Map<number, number[]>();
  const calls: number[] = [];
  const one = auctionOf(
    ({ order_id: id }) =>
      () => {
        const earlier = sends.get(id) ?? [];
        sends.set(id, [...earlier, world.time - begun]);
        const answers = plans.get(id)?.answers ?? [];
        const said = answers[earlier.length] ?? answers.at(-1) ?? "taken";
        return Promise.resolve(said === "taken" ? E.right(undefined) : E.left(said));
      },
    ordersPerCall,
  );
  const { sleep, until } = sleepers(world);
  const failed = await until(
    submitOrders([...plans.keys()].map((id) => delivery(id)))({
      ...world.ports,
      clock: { ...world.ports.clock, sleep },
      trading: {
        ...world.ports.trading,
        state: () => {
          if (world.time >= begun + haltAtMs) world.said = haltedSince(begun + haltAtMs);
          return world.ports.trading.state();
        },
      },
      auction: {
        ...one,
        submit: (orders: ReadonlyArray<OrderToSubmit>) => {
          calls.push(orders.length);
          return one.submit(orders);
        },
      },
      deadline: world.deadline,
      testOrders: "submitted",
      invocation: "one",
    })(),
  );
  const endOf = (id: number) => {
    const stored = world.orders.get(order(id).order_id);
    return {
      status: stored?.status,
      reason: stored?.reason,
      mayHaveBeenSent: stored?.attempts !== undefined,
      comesAgain: failed.includes(`m${id}`),
      pause: world.postponed.find(({ receipt }) => receipt === `r${id}`)?.seconds,
      sends: sends.get(id) ?? [],
    };
  };
  return { endOf, calls, told: world.announced.map(({ kind }) => kind) };
};

/** Whether nobody but the auction platform knows what became of an order that was sent so often. */
const leavesOpen = ({ answers }: Plan, sends: number): boolean =>
  Array.from({ length: sends }, (_, index) => answers[index] ?? answers.at(-1)).some(
    (said) => said !== "taken" && said?._tag === "Ambiguous",
  );

const numbered = (plans: ReadonlyArray<Plan>): ReadonlyMap<number, Plan> =>
  new Map(plans.map((each, index) => [index + 1, each]));

describe("orders that are sent in one call", () => {
  it("each end as they would alone, whatever the others are answered", async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: 2, maxLength: 12 }),
        // No more calls than are made at once: each begins when it would alone.
        fc.integer({ min: 3, max: 12 }),
        fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
        async (plans, ordersPerCall, haltAtMs) => {
          const all = numbered(plans);
          const { endOf, calls } = await submitted(all, ordersPerCall, haltAtMs);
          for (const [id, own] of all) {
            const alone = await submitted(new Map([[id, own]]), 1, haltAtMs);
            const end = endOf(id);
            expect(end).toEqual(alone.endOf(id));
            for (const at of end.sends)
              expect(at).toBeLessThan(Math.min(own.gateMs ?? Infinity, haltAtMs ?? Infinity));
            if (end.status === "received")
              expect(end.mayHaveBeenSent).toBe(leavesOpen(own, end.sends.length));
            ends.add(`${endOf(id).status ?? ""} ${endOf(id).mayHaveBeenSent ? "in doubt" : ""}`);
          }
          expect(Math.max(0, ...calls)).toBeLessThanOrEqual(ordersPerCall);
        },
      ),
      { numRuns: 150 },
    );
    expect([...ends].sort()).toEqual([
      "expired ",
      "received ",
      "received in doubt",
      "rejected ",
      "submitted ",
    ]);
  });

  const taken: Plan = { answers: ["taken"], gateMs: undefined };

  it.each([
    [20, 100, [20]],
    [25, 10, [10, 10, 5]],
    [3, 1, [1, 1, 1]],
  ])("are %d in calls of at most %d", async (count, ordersPerCall, calls) => {
    expect((await submitted(numbered(Array<Plan>(count).fill(taken)), ordersPerCall)).calls).toEqual(calls);
  });

  it("are asked for again together, and without those that were answered", async () => {
    const busy: Plan = { answers: [transient(OPERATION, "429", 2_000), "taken"], gateMs: undefined };
    const { calls, endOf } = await submitted(numbered([taken, busy, taken, busy, busy]), 100);
    expect(calls).toEqual([5, 3]);
    expect([2, 4, 5].map((id) => endOf(id).sends)).toEqual(Array(3).fill([0, 2_000]));
  });

  it("leave out those whose gate has closed, of which people are told in one message", async () => {
    const closed: Plan = { answers: ["taken"], gateMs: 0 };
    const { calls, told } = await submitted(numbered([closed, taken, closed]), 100);
    expect(calls).toEqual([1]);
    expect(told).toEqual(["orders-expired"]);
  });
});
