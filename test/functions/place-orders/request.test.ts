import * as E from "fp-ts/Either";
import fc from "fast-check";
import { sameContent } from "../../../functions/domain/order";
import { settle } from "../../../functions/domain/settlement";
import { decodeResults } from "../../../functions/domain/results";
import { decodeOrders } from "../../../functions/place-orders/request";
import { order, World } from "../../support/in-memory";

const one = (texts: object) => decodeOrders({ orders: [{ order_id: 1, product: "P", power: 2, ...texts }] });
const COMPOSED = "S\u00FCd";
const DECOMPOSED = "Su\u0308d";

describe("the texts of an order", () => {
  it("are stored in NFC, in whatever form they come", () => {
    fc.assert(
      fc.property(fc.constantFrom("product", "reference"), fc.string({ unit: "grapheme" }), (name, text) => {
        for (const form of ["NFC", "NFD"]) {
          const decoded = one({ [name]: `${text.normalize(form)}x` });
          if (E.isRight(decoded))
            expect(decoded.right[0]).toMatchObject({ [name]: `${text}x`.normalize("NFC") });
        }
      }),
    );
    expect(one({ product: DECOMPOSED })).toMatchObject({ right: [{ product: COMPOSED }] });
  });

  it.each([
    ["product", " P", 1],
    ["product", "P ", 2],
    ["reference", "\u3000R", 1],
    ["reference", "two words\u00A0", 10],
  ])("are refused with a blank around them: %s %j", (name, text, position) => {
    expect(one({ [name]: text })).toMatchObject({
      left: {
        status: 400,
        errors: [{ path: `orders[0].${name}`, actual: `a blank as character ${position}` }],
      },
    });
  });

  it("have their blanks told with every other fault", () => {
    expect(one({ order_id: "x", product: " P" })).toMatchObject({
      left: { errors: [{ path: "orders[0].order_id" }, { path: "orders[0].product" }] },
    });
  });

  it("match what is stored, and results match it, whichever form either has", () => {
    const world = new World();
    const stored = order(1, DECOMPOSED);
    world.given(1, "submitted", { product: stored.product });
    expect(sameContent(stored, order(1, COMPOSED))).toBe(true);
    const page = { keys: { accepted: "key", rejected: "closed" }, isReplayed: false };
    const { results } = decodeResults([{ order_id: 1, product: COMPOSED, power: 2, status: "accepted" }]);
    const found = world.orders.get(stored.order_id);
    if (found === undefined) throw new Error("not stored");
    const { accepted, setAside } = settle(results, new Map([[stored.order_id, E.right(found)]]), page);
    expect([accepted.length, setAside]).toEqual([1, []]);
    expect(accepted[0]?.product).toBe(DECOMPOSED);
  });
});

it.each([1, "unique_id_1", null])(
  "tells the shape that is expected to whoever posts the records of the original system: id %j",
  (record_id) => {
    expect(decodeOrders([{ record_id, parameter_1: "Product1" }])).toMatchObject({
      left: {
        status: 400,
        detail: expect.stringContaining('{"orders": [{"order_id": 1, "product": "Product1", "power": 2}]}'),
      },
    });
  },
);
