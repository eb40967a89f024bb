import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import { NOT_SENT_REASON, TEST_PRODUCT } from "../../functions/domain/order";
import type { OrderToSubmit, Refused } from "../../functions/ports/capabilities";
import { ambiguous, permanent, type PortError, transient } from "../../functions/ports/errors";
import { type Delivery, submitOrders, type TestOrders } from "../../functions/submit-orders/submit-orders";
import { auctionOf } from "../support/auction";
import { delivery } from "../support/delivery";
import { order, World } from "../support/in-memory";

type Sent = OrderToSubmit;
type Answer = PortError | Refused | "taken";

/** An auction platform that gives the scripted answers, then takes everything. */
class Auction {
  readonly sent: Sent[] = [];
  constructor(private readonly answers: Answer[] = []) {}

  readonly submit =
    (order: Sent): TE.TaskEither<PortError | Refused, void> =>
    () => {
      this.sent.push(order);
      const answer = this.answers.shift() ?? "taken";
      return Promise.resolve(answer === "taken" ? E.right(undefined) : E.left(answer));
    };
}

let invocations = 0;
const submitWith =
  (testOrders: TestOrders) =>
  (world: World, auction: Auction, ...deliveries: Delivery[]) =>
    submitOrders(deliveries)({
      ...world.ports,
      auction: auctionOf((order) => auction.submit(order)),
      deadline: world.deadline,
      testOrders,
      invocation: `invocation-${(invocations += 1)}`,
    })();
const submit = submitWith("submitted");

const down = transient("submitting an order", "503");

describe("submitting orders", () => {
  it("submits each and says so in the table", async () => {
    const world = new World();
    world.given(1, "received");
    world.given(2, "received");
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1), delivery(2))).toEqual([]);
    expect(auction.sent.map(({ order_id }) => order_id)).toEqual([1, 2]);
    expect([world.status(1), world.status(2)]).toEqual(["submitted", "submitted"]);
  });

  it("sends nothing for an order that is already further", async () => {
    const world = new World();
    world.given(1, "submitted");
    world.given(2, "accepted");
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1), delivery(2))).toEqual([]);
    expect(auction.sent).toEqual([]);
  });

  it.each([
    ["after a busy answer", down],
    ["after no answer", ambiguous("submitting an order", "timed out")],
  ])("asks again %s, for the same order", async (_, answer) => {
    const world = new World();
    world.given(1, "received");
    const auction = new Auction([answer, answer]);
    expect(await submit(world, auction, delivery(1))).toEqual([]);
    expect(auction.sent).toHaveLength(3);
    expect(world.status(1)).toBe("submitted");
  });

  it("waits as long as it is asked to before it asks again", async () => {
    const world = new World();
    world.given(1, "received");
    const begun = world.time;
    await submit(world, new Auction([transient("submitting an order", "429", 4_000)]), delivery(1));
    expect(world.time - begun).toBeGreaterThanOrEqual(4_000);
    expect(world.status(1)).toBe("submitted");
  });

  it("gives the message back when asking again would take too long: neither done nor failed", async () => {
    const world = new World();
    world.given(1, "received");
    const auction = new Auction(
      Array.from({ length: 1_000 }, () => ambiguous("submitting an order", "timed out")),
    );
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(world.status(1)).toBe("received");
    expect(world.time).toBeLessThan(world.deadline);
  });

  it("does not ask again what will not change, nor blame the order for it", async () => {
    const world = new World();
    world.given(1, "received");
    const auction = new Auction([permanent("submitting an order", "401")]);
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(auction.sent).toHaveLength(1);
    expect(world.status(1)).toBe("received");
  });

  it("starts nothing it has no time for", async () => {
    const world = new World();
    world.given(1, "received");
    world.deadline = world.time + 100;
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(auction.sent).toEqual([]);
  });

  it("rejects and announces what the platform refuses, and is done with it", async () => {
    const world = new World();
    world.given(1, "received");
    expect(
      await submit(world, new Auction([{ _tag: "Refused", reason: "not traded" }]), delivery(1)),
    ).toEqual([]);
    expect(world.orders.values().next().value).toMatchObject({ status: "rejected", reason: "not traded" });
    expect(world.announced).toEqual([
      expect.objectContaining({
        kind: "order-refused",
        orders: [expect.objectContaining({ order_id: 1, reason: "not traded" })],
      }),
    ]);
  });

  it("does not write a refusal that nobody was told of", async () => {
    const world = new World();
    world.given(1, "received");
    world.faults.next("announce", "before");
    expect(await submit(world, new Auction([{ _tag: "Refused", reason: "no" }]), delivery(1))).toEqual([
      "m1",
    ]);
    expect(world.status(1)).toBe("received");
  });

  const refusing = () =>
    new Auction(Array.from({ length: 100 }, (): Refused => ({ _tag: "Refused", reason: "not traded" })));
  const toldOf = (world: World): ReadonlyArray<number> =>
    world.announced.flatMap((each) => ("orders" in each ? each.orders.map(({ order_id }) => order_id) : []));

  it("tells people once of an order posted three times and delivered three times at once", async () => {
    const world = new World();
    world.given(1, "received");
    const auction = refusing();
    const again = [delivery(1), { ...delivery(1), messageId: "m2" }, { ...delivery(1), messageId: "m3" }];
    await Promise.all([
      submit(world, auction, ...again),
      submit(world, auction, ...again),
      submit(world, auction, ...again, ...again),
    ]);
    expect(toldOf(world)).toEqual([1]);
    expect(world.status(1)).toBe("rejected");
  });

  it.each(["announce", "change", "reserve"])(
    "tells people of a refusal that a failure of %s interrupted, when its message comes again",
    async (operation) => {
      const world = new World();
      world.given(1, "received");
      world.faults.next(operation, "before");
      expect(await submit(world, refusing(), delivery(1))).toEqual(["m1"]);
      world.pass(60_000);
      expect(await submit(world, refusing(), delivery(1))).toEqual([]);
      expect(new Set(toldOf(world))).toEqual(new Set([1]));
      expect(world.status(1)).toBe("rejected");
    },
  );

  it("leaves a refusal to the invocation that reserved it until that has ended, and no longer", async () => {
    const world = new World();
    world.given(1, "received");
    world.reserved.set(order(1).order_id, { by: "one that crashed", until: world.time + 10_000 });
    expect(await submit(world, refusing(), delivery(1))).toEqual([]);
    expect([toldOf(world), world.status(1)]).toEqual([[], "received"]);
    world.pass(10_001);
    expect(await submit(world, refusing(), delivery(1))).toEqual([]);
    expect([toldOf(world), world.status(1)]).toEqual([[1], "rejected"]);
  });

  it("gives back only what failed of a batch", async () => {
    const world = new World();
    for (const id of [1, 2, 3]) world.given(id, "received");
    const auction = new Auction(["taken", permanent("submitting an order", "403"), "taken"]);
    expect(await submit(world, auction, delivery(1), delivery(2), delivery(3))).toEqual(["m2"]);
    expect([world.status(1), world.status(2), world.status(3)]).toEqual([
      "submitted",
      "received",
      "submitted",
    ]);
  });

  it.each([
    "",
    "{",
    "[]",
    '{"order_id":4503599627370497.5,"request_id":"r"}',
    '{"order_id":"1"}',
    '{"order_id":-1,"request_id":"r"}',
    '{"order_id":1}',
  ])("sets aside the malformed message %j with its reason, without blocking the others", async (body) => {
    const world = new World();
    world.given(1, "received");
    expect(
      await submit(world, new Auction(), { ...delivery(2), messageId: "bad", body }, delivery(1)),
    ).toEqual(["bad"]);
    expect(world.status(1)).toBe("submitted");
    expect(world.logged).toContainEqual(
      expect.objectContaining({
        event: "malformed queue message",
        fields: expect.objectContaining({ reason: expect.stringContaining("expected") }),
      }),
    );
  });

  it.each([
    [1, 0, 5],
    [1, 1, 10],
    [2, 0.5, 15],
    [5, 0, 80],
    [9, 1, 600],
  ])(
    "has a message that failed at delivery %d come again later (chance %d)",
    async (count, chance, seconds) => {
      const world = new World();
      world.given(1, "received");
      world.given(2, "received");
      world.chance = chance;
      const auction = new Auction([permanent("submitting an order", "401")]);
      expect(await submit(world, auction, delivery(1, count), delivery(2))).toEqual(["m1"]);
      expect(world.postponed).toEqual([{ receipt: "r1", seconds }]);
    },
  );

  it("has it come again no sooner than the auction platform asks for", async () => {
    const world = new World();
    world.given(1, "received");
    await submit(world, new Auction([transient("submitting an order", "429", 90_000)]), delivery(1));
    expect(world.postponed).toEqual([{ receipt: "r1", seconds: 90 }]);
  });

  it("gives a message back where it cannot be postponed: the queue's own timeout holds", async () => {
    const world = new World();
    world.given(1, "received");
    world.faults.next("postpone", "before");
    const auction = new Auction([permanent("submitting an order", "401")]);
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: "failed messages not postponed" }));
  });

  it("gives everything back when the table cannot be read", async () => {
    const world = new World();
    world.given(1, "received");
    world.faults.next("get", "before");
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(auction.sent).toEqual([]);
  });

  it("sends again, under the same key, an order whose submission was not written down", async () => {
    const world = new World();
    world.given(1, "received");
    const auction = new Auction();
    world.faults.next("change", "before");
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(await submit(world, auction, delivery(1))).toEqual([]);
    expect(auction.sent).toHaveLength(2);
    expect(auction.sent[1]).toMatchObject(order(1));
    expect(world.status(1)).toBe("submitted");
  });
});

describe("the claim to an order", () => {
  const attemptsOf = (world: World, id: number) => world.orders.get(order(id).order_id)?.attempts;

  it("stands before the order is sent, as those of all others of its batch do", async () => {
    const world = new World();
    const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    for (const id of ids) world.given(id, "received");
    const claimed: number[] = [];
    class Watching extends Auction {
      override readonly submit = (sent: Sent): TE.TaskEither<PortError | Refused, void> => {
        claimed.push(ids.filter((id) => attemptsOf(world, id) !== undefined).length);
        this.sent.push(sent);
        return () => Promise.resolve(E.right(undefined));
      };
    }
    const auction = new Watching();
    await submit(world, auction, ...ids.map((id) => delivery(id)));
    expect(claimed[0]).toBe(10);
    expect(auction.sent).toHaveLength(10);
    expect(ids.map((id) => attemptsOf(world, id))).toEqual(ids.map(() => undefined));
  });

  it("is needed: where it cannot be noted, nothing is sent", async () => {
    const world = new World();
    world.given(1, "received");
    world.faults.next("begin", ...Array<"before">(1_000).fill("before"));
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1))).toEqual(["m1"]);
    expect(auction.sent).toEqual([]);
  });

  it.each([
    ["stays after a time-out", ambiguous("submitting an order", "timed out"), 1],
    ["is taken back where nothing was sent", permanent("submitting an order", "401"), 0],
  ])("%s", async (_, answer, left) => {
    const world = new World();
    world.given(1, "received");
    await submit(world, new Auction(Array.from({ length: 1_000 }, () => answer)), delivery(1));
    expect(attemptsOf(world, 1) ?? []).toHaveLength(left);
  });

  it("is taken back, and the message given back, where the time is up before it is sent", async () => {
    const world = new World();
    for (const id of [1, 2, 3, 4, 5, 6]) world.given(id, "received");
    const auction = new Auction(Array.from({ length: 1_000 }, () => down));
    const all = [1, 2, 3, 4, 5, 6].map((id) => delivery(id));
    expect(await submit(world, auction, ...all)).toHaveLength(6);
    expect(auction.sent.map(({ order_id }) => order_id)).not.toContain(6);
    expect(attemptsOf(world, 6)).toBeUndefined();
  });

  it("of another delivery that is ending the order keeps it from being sent", async () => {
    const world = new World();
    world.given(1, "received");
    world.reserved.set(order(1).order_id, { by: "another", until: world.time + 10_000 });
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1))).toEqual([]);
    expect(auction.sent).toEqual([]);
  });
});

describe("a test order", () => {
  const test = { product: order(1, TEST_PRODUCT).product };

  it("is never sent where the auction platform is a real one, but closed at once; others are sent", async () => {
    const world = new World();
    world.given(1, "received", test);
    world.given(2, "received");
    const auction = new Auction();
    expect(await submitWith("closed")(world, auction, delivery(1), delivery(2))).toEqual([]);
    expect(auction.sent.map(({ order_id }) => order_id)).toEqual([2]);
    expect(world.orders.get(order(1).order_id)).toMatchObject({
      status: "rejected",
      reason: NOT_SENT_REASON,
    });
    expect(world.announced).toMatchObject([
      { kind: "test-orders-closed", orders: [{ order_id: 1, reason: NOT_SENT_REASON }] },
    ]);
  });

  it("stays unsent when its message comes again after a failure, however it fails", async () => {
    const world = new World();
    world.given(1, "received", test);
    const auction = new Auction();
    for (const operation of ["announce", "change"]) {
      world.faults.next(operation, "before");
      expect(await submitWith("closed")(world, auction, delivery(1))).toEqual(["m1"]);
      world.pass(60_000);
    }
    expect(await submitWith("closed")(world, auction, delivery(1))).toEqual([]);
    expect(auction.sent).toEqual([]);
    expect(world.status(1)).toBe("rejected");
  });

  it("goes to the simulator like any other, and its refusal alarms nobody", async () => {
    const world = new World();
    world.given(1, "received", test);
    world.given(2, "received", test);
    const auction = new Auction([{ _tag: "Refused", reason: "not traded" }]);
    expect(await submit(world, auction, delivery(1), delivery(2))).toEqual([]);
    expect(auction.sent).toHaveLength(2);
    expect([world.status(1), world.status(2)]).toEqual(["rejected", "submitted"]);
    expect(world.announced.map(({ kind }) => kind)).toEqual(["test-orders-closed"]);
  });

  it.each(["Smoke-test", "smoke-test ", "smoke-test-2", " smoke-test"])(
    "is one by exactly its product: %j is an ordinary order",
    async (product) => {
      const world = new World();
      world.given(1, "received", { product: order(1, product).product });
      const auction = new Auction();
      await submitWith("closed")(world, auction, delivery(1));
      expect(auction.sent).toHaveLength(1);
    },
  );
});

describe("an order that cannot be read", () => {
  it("is given back to the queue, and the others of its batch are submitted", async () => {
    const world = new World();
    world.givenUnreadable(1);
    world.given(2, "received");
    const auction = new Auction();
    expect(await submit(world, auction, delivery(1), delivery(2))).toEqual(["m1"]);
    expect(auction.sent.map(({ order_id }) => order_id)).toEqual([2]);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "error", event: "stored orders unreadable" }),
    );
  });
});
