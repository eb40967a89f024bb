import * as E from "fp-ts/Either";
import fc from "fast-check";
import { deliveryFaults } from "../../../functions/domain/delivery";
import { decodeOrders } from "../../../functions/place-orders/request";
import { instant } from "../../support/instant";

const QUARTER = 15 * 60_000;
const quarter = fc.integer({ min: 0, max: 4_000_000 }).map((count) => count * QUARTER);
const iso = (time: number) => instant(new Date(time).toISOString());

describe("a delivery", () => {
  it("is from a quarter-hour to a later one, and nothing else", () => {
    fc.assert(
      fc.property(quarter, quarter, fc.integer({ min: -1, max: 1 }), (start, end, off) => {
        const faulty = deliveryFaults({
          delivery_start: iso(start + QUARTER + off),
          delivery_end: iso(end + QUARTER),
        });
        expect(faulty.length === 0).toBe(off === 0 && start < end);
      }),
    );
  });

  it.each([
    ["of 23 hours", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23],
    ["of 25 hours", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25],
    ["of the hour that comes twice", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", 1],
  ])("may be a day %s: its offsets make it as long", (_, start, end, hours) => {
    expect(deliveryFaults({ delivery_start: instant(start), delivery_end: instant(end) })).toEqual([]);
    expect((Date.parse(end) - Date.parse(start)) / 3_600_000).toBe(hours);
  });

  it.each([
    [{ delivery_start: "2026-03-29T00:00:00Z" }, "delivery_end"],
    [{ delivery_end: "2026-03-29T00:00:00Z" }, "delivery_start"],
    [{ delivery_start: "2026-03-29T00:10:00Z", delivery_end: "2026-03-29T01:00:00Z" }, "delivery_start"],
    [{ delivery_start: "2026-03-29T01:00:00Z", delivery_end: "2026-03-29T01:00:00Z" }, "delivery_end"],
    // Two texts of one instant.
    [{ delivery_start: "2026-03-29T01:00:00Z", delivery_end: "2026-03-29T02:00:00+01:00" }, "delivery_end"],
  ])("is refused by its path where it is %j", (delivery, property) => {
    const decoded = decodeOrders({ orders: [{ order_id: 1, product: "P", power: 1, ...delivery }] });
    expect(E.isLeft(decoded) && decoded.left.errors?.map(({ path }) => path)).toEqual([
      `orders[0].${property}`,
    ]);
  });
});
