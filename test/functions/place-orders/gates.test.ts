import * as E from "fp-ts/Either";
import fc from "fast-check";
import type { PlacedOrder } from "../../../functions/domain/order";
import { checkGates } from "../../../functions/place-orders/gates";
import { decodeOrders } from "../../../functions/place-orders/request";
import { World } from "../../support/in-memory";

const MARGIN = 30;

const placed = (...gates: (number | undefined)[]): ReadonlyArray<PlacedOrder> =>
  E.getOrElse((problem): ReadonlyArray<PlacedOrder> => {
    throw new Error(JSON.stringify(problem));
  })(
    decodeOrders({
      orders: gates.map((gate, index) => ({
        order_id: index + 1,
        product: "Product1",
        power: 2,
        ...(gate === undefined ? {} : { valid_until: new Date(gate).toISOString() }),
      })),
    }),
  );

const check = (world: World, orders: ReadonlyArray<PlacedOrder>) =>
  checkGates(orders)({ ...world.ports, gateMarginSeconds: MARGIN })();

describe("the gates of orders that are placed", () => {
  it("are refused by their paths where they are past or too near, and all others pass", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: -60, max: 60 }), { nil: undefined }), { minLength: 1 }),
        async (seconds) => {
          const world = new World();
          const checked = await check(
            world,
            placed(...seconds.map((s) => (s === undefined ? undefined : world.time + s * 1_000))),
          );
          const late = seconds.flatMap((s, index) => (s !== undefined && s <= MARGIN ? [index] : []));
          if (late.length === 0) expect(E.isRight(checked)).toBe(true);
          else
            expect(checked).toMatchObject({
              left: {
                status: 400,
                detail: "Nothing was stored.",
                errors: late.map((index) => ({
                  path: `orders[${index}].valid_until`,
                  expected: "an instant more than 30 s ahead",
                  actual: (seconds[index] ?? 0) <= 0 ? "one that is past" : "one that is sooner",
                })),
              },
            });
        },
      ),
    );
  });

  it("do not keep a request that is repeated from its answer, however late it comes", async () => {
    const world = new World();
    const [first, ...others] = placed(world.time - 1, world.time - 1);
    world.given(1, "expired", { ...first });
    expect(E.isRight(await check(world, first === undefined ? [] : [first]))).toBe(true);
    expect(await check(world, others)).toMatchObject({
      left: { errors: [{ path: "orders[0].valid_until" }] },
    });
  });

  it("cost nothing where there are none, and are unavailable with the table", async () => {
    const world = new World();
    world.faults.always("get", "before");
    expect(E.isRight(await check(world, placed(undefined, world.time + 60_000)))).toBe(true);
    expect(await check(world, placed(world.time))).toMatchObject({ left: { status: 503 } });
  });
});
