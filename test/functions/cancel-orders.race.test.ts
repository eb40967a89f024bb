import * as E from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import fc from "fast-check";
import { cancelOrder } from "../../functions/cancel-orders/cancel-orders";
import { ClientInstant } from "../../functions/domain/instant";
import type { Refused, TooLate } from "../../functions/ports/capabilities";
import { ambiguous, permanent, type PortError, transient } from "../../functions/ports/errors";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { sweepOrders } from "../../functions/sweep-orders/sweep-orders";
import { auctionOf } from "../support/auction";
import { delivery } from "../support/delivery";
import { order, World } from "../support/in-memory";

/**
 * Cancelling against submitting, sweeping and deciding, in any order of their steps: each call of a port takes effect
 * when the scheduler says so, and is answered when it says so again, or fails before or after its effect, or its
 * function is killed there and then.
 */

const ID = order(1).order_id;

/** How a step ends: what it asked for is done and answered; done and not answered; not done; or its function dies. */
type End = "answered" | "lost" | "failed" | "killed-before" | "killed-after";
const end = fc.oneof(
  { weight: 12, arbitrary: fc.constant<End>("answered") },
  { weight: 1, arbitrary: fc.constantFrom<End>("lost", "failed", "killed-before", "killed-after") },
);

/** What the auction platform holds: by what it answers afterwards, the truth. */
class Auction {
  state: "none" | "held" | "withdrawn" | "decided" = "none";

  readonly submit = (): TE.TaskEither<PortError | Refused, void> => () => {
    if (this.state === "none") this.state = "held";
    return Promise.resolve(E.right(undefined));
  };
  readonly withdraw = (): TE.TaskEither<PortError | TooLate, void> => () => {
    if (this.state === "held") this.state = "withdrawn";
    return Promise.resolve(this.state === "withdrawn" ? E.right(undefined) : E.left({ _tag: "TooLate" }));
  };
}

/** Everybody has gone on as far as they can. */
const settled = (): Promise<unknown> => new Promise(setImmediate);

/** Never answered: whoever waits for it is dead. */
const DEAD = new Promise<never>(() => undefined);

const gate = (time: number): { readonly valid_until: ClientInstant } => {
  const text = new Date(time).toISOString();
  if (!ClientInstant.is(text)) throw new Error(text);
  return { valid_until: text };
};

describe("an order that is cancelled while it is sent", () => {
  it("is never held by the auction platform, and one that is not cancelled is not lost", async () => {
    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.record({
          submitters: fc.array(fc.infiniteStream(end), { minLength: 1, maxLength: 3 }),
          cancellers: fc.array(fc.infiniteStream(end), { minLength: 1, maxLength: 2 }),
          sweep: fc.option(fc.infiniteStream(end), { nil: undefined }),
          decides: fc.boolean(),
          offers: fc.boolean(),
          isGated: fc.boolean(),
        }),
        async (scheduler, { submitters, cancellers, sweep, decides, offers, isGated }) => {
          const world = new World();
          const auction = new Auction();
          world.given(1, "received", {
            attempts_noted: "always",
            ...(isGated ? gate(world.time + 3_000) : {}),
          });

          /** A port's calls, as one function of the cloud makes them. */
          const stepping = <P extends object>(port: P, plan: Iterator<End>): P =>
            new Proxy(port, {
              get: (target, name, receiver) => {
                const call: unknown = Reflect.get(target, name, receiver);
                if (typeof call !== "function") return call;
                return (...input: unknown[]) =>
                  async () => {
                    const how = plan.next().value as End;
                    await scheduler.schedule(Promise.resolve(), `${String(name)} ${how}`);
                    if (how === "killed-before") return DEAD;
                    const [operation, cause] = [String(name), how] as const;
                    const isSending = name === "submit" || name === "withdraw";
                    if (how === "failed") return E.left(transient(operation, cause));
                    const answer: unknown = await (
                      Reflect.apply(call, target, input) as () => Promise<unknown>
                    )();
                    await scheduler.schedule(Promise.resolve(), `${operation} answers`);
                    if (how === "killed-after") return DEAD;
                    if (how === "lost") return E.left((isSending ? ambiguous : transient)(operation, cause));
                    return answer;
                  };
              },
            });
          const as = (invocation: string, plan: Iterator<End>) => ({
            ...world.ports,
            orders: stepping(world.ports.orders, plan),
            attempts: stepping(world.ports.attempts, plan),
            announcements: stepping(world.ports.announcements, plan),
            notifier: stepping(world.ports.notifier, plan),
            auction: auctionOf(stepping(auction, plan).submit),
            withdrawals: offers ? stepping(auction, plan) : undefined,
            deadline: world.deadline,
            retentionSeconds: 3_600,
            testOrders: "submitted" as const,
            stuckAfterSeconds: 0,
            overdueAfterSeconds: 3_600,
            invocation,
            by: "desk",
          });
          const cancelled: string[] = [];
          for (const [index, plan] of submitters.entries())
            void submitOrders([delivery(1)])(as(`submit-${index}`, plan))();
          for (const [index, plan] of cancellers.entries())
            void (async () => {
              // A client asks again until it is told.
              for (let request = 0; request < 3; request += 1) {
                const answer = await cancelOrder(ID)(as(`cancel-${index}`, plan))();
                if (E.isRight(answer)) return cancelled.push(answer.right.status);
              }
              return 0;
            })();
          if (sweep !== undefined) void sweepOrders(as("sweep", sweep))();
          if (decides)
            void (async () => {
              for (let looks = 0; looks < 20 && auction.state !== "held"; looks += 1)
                await scheduler.schedule(Promise.resolve(), "the auction decides");
              if (auction.state !== "held") return;
              auction.state = "decided";
              await scheduler.schedule(Promise.resolve(), "its result is read");
              await world.ports.orders.change(ID, {
                _tag: "Decided",
                at: new Date(world.time).toISOString(),
                verdict: "accepted",
                archiveKey: "k",
                expiresAt: 1,
              })();
            })();
          // Until nothing is left to step on: whoever still waits then is dead.
          for (await settled(); scheduler.count() > 0; await settled()) await scheduler.waitNext(1);

          /** Whatever was answered: no order that is cancelled is held. */
          const isSound = (): void => {
            if (cancelled.length > 0) expect(world.status(1)).toBe("cancelled");
            if (world.status(1) === "cancelled") expect(["none", "withdrawn"]).toContain(auction.state);
          };
          expect(cancelled.every((status) => status === "cancelled")).toBe(true);
          isSound();
          // What is not cancelled goes on, once its message comes again and everything works.
          world.pass(60_000);
          await submitOrders([delivery(1, 2)])({
            ...as("last", [].values()),
            ...world.ports,
            auction: auctionOf(auction.submit),
          })();
          isSound();
          const [status, held] = [world.status(1), auction.state];
          if (status === "received") expect(isGated).toBe(true);
          if (status === "submitted") expect(held).not.toBe("none");
          ends.set(`${status ?? ""} ${held}`, (ends.get(`${status ?? ""} ${held}`) ?? 0) + 1);
        },
      ),
      { numRuns: 200 },
    );
    // The race is one: it was won by either side, at the platform, too.
    for (const one of ["cancelled none", "cancelled withdrawn", "submitted held", "accepted decided"])
      expect(ends.get(one) ?? 0).toBeGreaterThan(0);
  });
});

/** What only an attempt whose end is known may be taken back for. */
it("a refused connection frees the order to be cancelled, a lost answer does not", async () => {
  for (const [answer, status] of [
    [permanent("submitting an order", "401"), "cancelled"],
    [ambiguous("submitting an order", "lost"), "received"],
  ] as const) {
    const world = new World();
    world.given(1, "received", { attempts_noted: "always" });
    await submitOrders([delivery(1)])({
      ...world.ports,
      auction: auctionOf(() => () => Promise.resolve(E.left(answer))),
      deadline: world.deadline,
      testOrders: "submitted",
      invocation: "i",
    })();
    await cancelOrder(ID)({ ...world.ports, withdrawals: undefined, by: "i" })();
    expect(world.status(1)).toBe(status);
  }
});
