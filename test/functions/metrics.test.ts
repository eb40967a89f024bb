import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { placeOrders } from "../../functions/place-orders/place-orders";
import { submitOrders } from "../../functions/submit-orders/submit-orders";
import { auctionOf } from "../support/auction";
import { delivery } from "../support/delivery";
import { order, World } from "../support/in-memory";
import { archive, archiveKept, page, RAW, result } from "./results-steps";

/** What CloudWatch reads out of the log of an order's whole way, with retries and replays of every step of it. */

const Line = t.intersection([
  t.UnknownRecord,
  t.type({
    _aws: t.type({
      Timestamp: t.number,
      CloudWatchMetrics: t.readonlyArray(
        t.type({
          Namespace: t.literal("OrdersPlatform"),
          Dimensions: t.readonlyArray(t.readonlyArray(t.literal("environment"))),
          Metrics: t.readonlyArray(t.type({ Name: t.string, Unit: t.string })),
        }),
      ),
    }),
  }),
]);

const values = (world: World, name: string): ReadonlyArray<unknown> =>
  world.logged.flatMap(({ fields }) =>
    Line.is(fields)
      ? fields._aws.CloudWatchMetrics.flatMap(({ Metrics }) =>
          Metrics.filter(({ Name }) => Name === name).map(() => fields[name]),
        )
      : [],
  );

const counted = (world: World, name: string): number =>
  values(world, name).reduce<number>((sum, value) => sum + (t.number.is(value) ? value : Number.NaN), 0);

let requests = 0;
const place = (world: World, ...ids: number[]) =>
  placeOrders(
    ids.map((id) => order(id)),
    { requestId: `post-${(requests += 1)}`, by: "desk" },
  )({ ...world.ports, deadline: world.deadline })();

const submit = (world: World, answer: "taken" | "refused", ...ids: number[]) =>
  submitOrders(ids.map((id) => delivery(id)))({
    ...world.ports,
    auction: auctionOf(
      () => () =>
        Promise.resolve(
          answer === "taken" ? E.right(undefined) : E.left({ _tag: "Refused", reason: "unknown product" }),
        ),
    ),
    deadline: world.deadline,
    testOrders: "submitted",
    invocation: "i",
  })();

/** The last page of the feed, after which another execution may read. */
const lastPage = (...orders: unknown[]) => ({ run: "run-1", number: 0, dt: "2026-01-01", orders });

it("counts each order once at each status, however often a step is repeated", async () => {
  const world = new World();
  await place(world, 1, 2, 3);
  await place(world, 1, 2, 3, 4);
  expect(counted(world, "OrdersStored")).toBe(4);

  world.pass(2_000);
  await submit(world, "taken", 1, 1, 2, 3);
  await submit(world, "taken", 1, 2, 3);
  await submit(world, "refused", 4, 4);
  await submit(world, "refused", 4);
  expect(counted(world, "OrdersSubmitted")).toBe(3);
  expect(values(world, "TimeToSubmitted")).toEqual([2_000, 2_000, 2_000]);
  expect(counted(world, "OrdersRejected")).toBe(1);

  world.pass(3_000);
  const results = lastPage(result(1), result(2, "rejected"), result(3));
  expect(await archive(world, results)).toMatchObject({ right: { accepted: 2, rejected: 1 } });
  expect(await archive(world, results, "run-2")).toMatchObject({ right: { accepted: 2, rejected: 0 } });
  expect(await archiveKept(world, { key: RAW }, "replay-1")).toMatchObject({ right: { accepted: 0 } });
  expect(counted(world, "OrdersAccepted")).toBe(2);
  expect(counted(world, "OrdersRejected")).toBe(2);
  expect(values(world, "TimeToDecided")).toEqual([2_000, 5_000, 5_000, 5_000]);
});

it("counts a write once that took effect although its answer was lost, or not at all", async () => {
  const world = new World();
  await place(world, 1);
  world.faults.next("change", "after");
  await submit(world, "taken", 1);
  await submit(world, "taken", 1);
  expect(world.status(1)).toBe("submitted");
  expect(counted(world, "OrdersSubmitted")).toBeLessThanOrEqual(1);
});

it("counts what a request stored that ended early", async () => {
  const world = new World();
  world.faults.next("insert", ...Array<"before">(200).fill("before"));
  expect(E.isLeft(await place(world, 1))).toBe(true);
  world.faults.clear();
  await place(world, 1);
  expect(counted(world, "OrdersStored")).toBe(1);
});

it("dates the newest results by pages that came, not by those archived again", async () => {
  const world = new World();
  world.given(1);
  await archive(world, lastPage(result(1)));
  const first = values(world, "NewestResults");
  expect(first).toEqual([world.time / 1_000]);
  world.pass(60_000);
  expect(await archiveKept(world, { key: RAW }, "replay-1")).toMatchObject({ right: { outcome: "done" } });
  expect(values(world, "NewestResults")).toEqual(first);
});

it("measures no time below zero where clocks differ", async () => {
  const world = new World();
  world.given(1, "received", { received_at: new Date(world.time + 5_000).toISOString() });
  await submit(world, "taken", 1);
  expect(values(world, "TimeToSubmitted")).toEqual([0]);
});

it("names no product as a dimension: each name would be a metric of its own, for ever", async () => {
  const world = new World();
  world.given(1);
  await archive(world, page(result(1)));
  const line = world.logged.find(({ event }) => event === "order accepted")?.fields;
  expect(Line.is(line)).toBe(true);
  expect(line).toMatchObject({ product: "Product1", power: 2, OrdersAccepted: 1 });
});
