import * as E from "fp-ts/Either";
import { cancelOrder } from "../../functions/cancel-orders/cancel-orders";
import { ClientInstant } from "../../functions/domain/instant";
import type { StoredOrder } from "../../functions/domain/stored-order";
import type { TooLate, Withdrawals } from "../../functions/ports/capabilities";
import { ambiguous, type PortError, transient } from "../../functions/ports/errors";
import { order, World } from "../support/in-memory";

const NOTED = { attempts_noted: "always" } as const;

type Answer = PortError | TooLate | "withdrawn";

/** An auction platform that gives the scripted answers, the last of them again and again. */
class Platform implements Withdrawals {
  readonly asked: number[] = [];
  constructor(private readonly answers: Answer[] = ["withdrawn"]) {}

  readonly withdraw: Withdrawals["withdraw"] =
    ({ order_id }) =>
    () => {
      this.asked.push(order_id);
      const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
      return Promise.resolve(
        answer === undefined || answer === "withdrawn" ? E.right(undefined) : E.left(answer),
      );
    };
}

const cancel = (world: World, withdrawals?: Withdrawals, id = 1) =>
  cancelOrder(order(id).order_id)({ ...world.ports, withdrawals, by: "desk, south" })();

const until = (time: number): { readonly valid_until: ClientInstant } => {
  const text = new Date(time).toISOString();
  if (!ClientInstant.is(text)) throw new Error(text);
  return { valid_until: text };
};

const CANCELLED = { right: { order_id: 1, status: "cancelled" } };

describe("DELETE of an order that is received", () => {
  it("cancels it, and answers the same however often it is asked", async () => {
    const world = new World();
    world.given(1, "received", NOTED);
    expect(await cancel(world)).toMatchObject(CANCELLED);
    const first = world.orders.get(order(1).order_id);
    expect(first).toMatchObject({
      decided_at: new Date(world.time).toISOString(),
      decided_by: "desk, south",
    });
    world.pass(60_000);
    expect(await cancel(world)).toEqual(E.right(first));
    expect(world.logged.filter(({ event }) => event === "order cancelled")).toHaveLength(1);
  });

  it.each<[string, Partial<StoredOrder>]>([
    ["is claimed", { ...NOTED, attempts: ["somebody"] }],
    ["an earlier release stored, which may have sent it", {}],
  ])("does not cancel one that %s: the auction platform may have it", async (_, more) => {
    const world = new World();
    world.given(1, "received", more);
    const platform = new Platform();
    expect(await cancel(world, platform)).toMatchObject({
      left: { status: 409, order: { order_id: 1, status: "received" } },
    });
    expect(platform.asked).toEqual([]);
    expect(world.status(1)).toBe("received");
  });

  it("does not cancel one while people are being told that it has expired", async () => {
    const world = new World();
    world.given(1, "received", NOTED);
    world.reserved.set(order(1).order_id, { by: "a sweep", until: world.time + 1_000 });
    expect(await cancel(world)).toMatchObject({ left: { status: 409 } });
    world.pass(1_001);
    expect(await cancel(world)).toMatchObject(CANCELLED);
  });
});

describe("DELETE of an order that is submitted", () => {
  it("cancels it where the auction platform confirms it", async () => {
    const world = new World();
    world.given(1, "submitted", until(world.time + 1));
    const platform = new Platform();
    expect(await cancel(world, platform)).toMatchObject(CANCELLED);
    expect(platform.asked).toEqual([1]);
  });

  it("goes on where the platform confirmed it and it could not be written", async () => {
    const world = new World();
    world.given(1, "submitted");
    const platform = new Platform();
    world.faults.next("change", "before");
    expect(await cancel(world, platform)).toMatchObject({ left: { _tag: "Transient" } });
    expect(world.status(1)).toBe("submitted");
    expect(await cancel(world, platform)).toMatchObject(CANCELLED);
    expect(platform.asked).toEqual([1, 1]);
  });

  it.each<[string, Platform | undefined, Partial<StoredOrder>]>([
    ["the auction platform gives nothing back", undefined, {}],
    ["it has decided", new Platform([{ _tag: "TooLate" }]), {}],
    ["the gate has closed", new Platform(), until(0)],
  ])("is too late where %s", async (_, platform, more) => {
    const world = new World();
    world.given(1, "submitted", more);
    expect(await cancel(world, platform)).toMatchObject({
      left: { status: 409, order: { status: "submitted" } },
    });
    expect(world.status(1)).toBe("submitted");
  });

  it.each([transient("withdrawing an order", "503"), ambiguous("withdrawing an order", "timed out")])(
    "changes nothing where nobody knows what the platform did: $_tag",
    async (answer) => {
      const world = new World();
      world.given(1, "submitted");
      expect(await cancel(world, new Platform([answer, "withdrawn"]))).toEqual(E.left(answer));
      expect(world.status(1)).toBe("submitted");
    },
  );
});

it.each(["accepted", "rejected", "expired"] as const)(
  "DELETE of an order that is %s is too late",
  async (status) => {
    const world = new World();
    world.given(1, status);
    expect(await cancel(world, new Platform())).toMatchObject({ left: { status: 409, order: { status } } });
  },
);

it("DELETE of an order that nobody placed, or that cannot be read, says so", async () => {
  const world = new World();
  world.givenUnreadable(2);
  expect(await cancel(world)).toMatchObject({ left: { status: 404 } });
  expect(await cancel(world, undefined, 2)).toMatchObject({ left: { status: 500 } });
  expect(world.logged).toContainEqual(expect.objectContaining({ event: "stored orders unreadable" }));
});

it.each(["get", "change"])(
  "DELETE is answered as unavailable where %s fails, and goes on",
  async (operation) => {
    const world = new World();
    world.given(1, "received", NOTED);
    world.faults.next(operation, "after");
    expect(await cancel(world)).toMatchObject({ left: { _tag: "Transient" } });
    expect(await cancel(world)).toMatchObject(CANCELLED);
  },
);
