import { awardedIn, type Shard } from "../../../console/reads/awarded";

const FROM = "2026-03-01T12:00:00.000Z";

type Given = { readonly minute: number; readonly product?: string; readonly power?: number };

/** An accepted order as the index has it. */
const item = (id: number, { minute, product = "P", power = 5 }: Given, award?: number) => ({
  order_id: { N: String(id) },
  product: { S: product },
  power: { N: String(power) },
  status: { S: "accepted" },
  received_at: { S: FROM },
  decided_since: { S: `2026-03-01T12:${minute}:00.000Z#${id}` },
  ...(award === undefined ? {} : { awarded_power: { N: String(award) } }),
});

const whole = (...items: Shard["items"]): Shard => ({ items, cut: false });

it("sums what was bought and sold of each product, the most first", () => {
  const { products, orders, cut, since, more } = awardedIn(
    [
      whole(item(1, { minute: 30 }), item(2, { minute: 20, power: -3 })),
      whole(item(3, { minute: 40, product: "Q", power: -20 }, -9), item(4, { minute: 10 }, 2)),
    ],
    FROM,
  );
  expect(products).toEqual([
    { product: "P", orders: 3, bought: 7, sold: 3 },
    { product: "Q", orders: 1, bought: 0, sold: 9 },
  ]);
  expect({ orders, cut, since, more }).toEqual({ orders: 4, cut: false, since: FROM, more: 0 });
});

it("sums since the time that all shards were read to", () => {
  const cut = { items: [item(1, { minute: 30 }), item(2, { minute: 20 })], cut: true };
  const awarded = awardedIn([cut, whole(item(3, { minute: 25 }), item(4, { minute: 19 }))], FROM);
  expect(awarded).toMatchObject({
    since: "2026-03-01T12:20:00.000Z",
    orders: 3,
    cut: true,
    products: [{ bought: 15 }],
  });
});

it("leaves out the products with the least, and says how many", () => {
  const items = Array.from({ length: 23 }, (_, index) =>
    item(index + 1, { minute: 30, product: `P${index}`, power: index + 1 }),
  );
  const { products, more } = awardedIn([whole(...items)], FROM);
  expect(products.map(({ bought }) => bought)).toEqual(Array.from({ length: 20 }, (_, index) => 23 - index));
  expect(more).toBe(3);
});

it("has nothing where nothing was accepted", () => {
  expect(awardedIn([whole(), whole()], FROM)).toEqual({
    since: FROM,
    orders: 0,
    cut: false,
    products: [],
    more: 0,
  });
});
