import * as E from "fp-ts/Either";
import { EXPIRED_REASON, TEST_PRODUCT } from "../../functions/domain/order";
import { ClientInstant } from "../../functions/domain/instant";
import type { Refused } from "../../functions/ports/capabilities";
import { ambiguous, permanent, type PortError, transient } from "../../functions/ports/errors";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { auctionOf } from "../support/auction";
import { delivery } from "../support/delivery";
import { order, World } from "../support/in-memory";

type Answer = PortError | Refused | "taken";

const until = (time: number): { readonly valid_until: ClientInstant } => {
  const text = new Date(time).toISOString();
  if (!ClientInstant.is(text)) throw new Error(text);
  return { valid_until: text };
};

const UNREACHABLE = transient("submitting an order", "ECONNREFUSED");
const TIMED_OUT = ambiguous("submitting an order", "timed out");

let invocations = 0;

/** Submits orders by their ids; the auction platform gives the scripted answers, the last of them again and again. */
const submit = async (world: World, answers: Answer[], ...ids: number[]) => {
  const sentAt: number[] = [];
  const failed = await submitOrders(ids.map((id) => delivery(id)))({
    ...world.ports,
    auction: auctionOf(() => () => {
      sentAt.push(world.time);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return Promise.resolve(
        answer === undefined || answer === "taken" ? E.right(undefined) : E.left(answer),
      );
    }),
    deadline: world.deadline,
    testOrders: "submitted",
    invocation: `invocation-${(invocations += 1)}`,
  })();
  return { failed, sentAt };
};

const attemptsOf = (world: World, id: number) => world.orders.get(order(id).order_id)?.attempts;

describe("an order with a gate", () => {
  it("is sent while its gate is open, and then is like any other", async () => {
    const world = new World();
    world.given(1, "received", until(world.time + 1_000));
    expect(await submit(world, ["taken"], 1)).toMatchObject({ failed: [], sentAt: [world.time] });
    expect(world.status(1)).toBe("submitted");
    expect(attemptsOf(world, 1)).toBeUndefined();
  });

  it("is not sent once its gate has closed; a batch of them is told of in one message", async () => {
    const world = new World();
    for (const id of [1, 2, 3]) world.given(id, "received", until(world.time));
    world.given(4, "received");
    expect((await submit(world, ["taken"], 1, 2, 3, 4, 1)).sentAt).toHaveLength(1);
    expect([1, 2, 3, 4].map((id) => world.status(id))).toEqual([
      "expired",
      "expired",
      "expired",
      "submitted",
    ]);
    expect(world.announced).toMatchObject([
      { kind: "orders-expired", orders: [1, 2, 3].map((order_id) => ({ order_id, reason: EXPIRED_REASON })) },
    ]);
  });

  it("is not sent by a dead letter that is redriven three days later", async () => {
    const world = new World();
    world.given(1, "received", until(world.time + 60_000));
    for (let delivery = 0; delivery < 10; delivery += 1) {
      expect((await submit(world, [permanent("submitting an order", "401")], 1)).failed).toEqual(["m1"]);
      world.pass(5_000);
    }
    world.pass(3 * 86_400_000);
    expect(await submit(world, ["taken"], 1)).toEqual({ failed: [], sentAt: [] });
    expect(world.status(1)).toBe("expired");
  });

  it("is not sent again where its gate closes between two attempts", async () => {
    const world = new World();
    const gate = world.time + 3_000;
    world.given(1, "received", until(gate));
    const { sentAt } = await submit(world, [UNREACHABLE], 1);
    expect(sentAt.length).toBeGreaterThan(1);
    for (const at of sentAt) expect(at).toBeLessThan(gate);
    expect(world.status(1)).toBe("expired");
  });

  it.each([
    ["no answer", TIMED_OUT, "received"],
    ["no answer at first", [TIMED_OUT, UNREACHABLE], "received"],
    ["no connection", UNREACHABLE, "expired"],
    ["a key that is wrong", permanent("submitting an order", "401"), "expired"],
  ])("after %s ends as it may: only what was certainly not sent expires", async (_, answers, end) => {
    const world = new World();
    world.given(1, "received", until(world.time + 60_000));
    await submit(world, [answers].flat(), 1);
    expect(world.status(1)).toBe("received");
    world.pass(60_000);
    expect(await submit(world, ["taken"], 1)).toEqual({ failed: [], sentAt: [] });
    expect(world.status(1)).toBe(end);
    expect(world.announced).toHaveLength(end === "expired" ? 1 : 0);
  });

  it("counts as one that may have been sent where its attempt cannot be taken back", async () => {
    const world = new World();
    world.given(1, "received", until(world.time + 60_000));
    world.faults.next("takeBack", "before");
    await submit(world, [permanent("submitting an order", "401")], 1);
    world.pass(60_000);
    await submit(world, ["taken"], 1);
    expect(world.status(1)).toBe("received");
  });

  it("is not sent where the attempt cannot be noted", async () => {
    const world = new World();
    world.given(1, "received", until(world.time + 60_000));
    world.faults.next("begin", ...Array<"before">(1_000).fill("before"));
    expect(await submit(world, ["taken"], 1)).toEqual({ failed: ["m1"], sentAt: [] });
  });

  it("is not sent while another is about to tell that it has expired", async () => {
    const world = new World();
    world.given(1, "received", until(world.time + 60_000));
    world.reserved.set(order(1).order_id, { by: "a clock that is ahead", until: world.time + 1_000 });
    expect(await submit(world, ["taken"], 1)).toEqual({ failed: [], sentAt: [] });
  });

  it("is rejected like any other where the auction platform refuses it", async () => {
    const world = new World();
    world.given(1, "received", until(world.time + 60_000));
    await submit(world, [{ _tag: "Refused", reason: "not traded" }], 1);
    expect(world.status(1)).toBe("rejected");
  });

  it.each(["reserve", "announce", "change"])(
    "comes again where %s failed, and people are told at least once",
    async (operation) => {
      const world = new World();
      world.given(1, "received", until(world.time));
      world.faults.next(operation, "before");
      expect((await submit(world, ["taken"], 1)).failed).toEqual(["m1"]);
      expect(world.status(1)).toBe("received");
      world.pass(60_000);
      expect(await submit(world, ["taken"], 1)).toEqual({ failed: [], sentAt: [] });
      expect(world.status(1)).toBe("expired");
      expect(world.announced.length).toBeGreaterThan(0);
    },
  );

  it("alarms nobody where it is a test order", async () => {
    const world = new World();
    world.given(1, "received", { ...until(world.time), product: order(1, TEST_PRODUCT).product });
    await submit(world, ["taken"], 1);
    expect(world.announced.map(({ kind }) => kind)).toEqual(["test-orders-closed"]);
    expect(world.status(1)).toBe("expired");
  });
});
