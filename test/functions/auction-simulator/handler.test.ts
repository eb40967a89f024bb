import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import * as t from "io-ts";
import { LEDGER } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { apiRequest, context } from "../../support/invocation";

const TABLE = own("ledger");

/** The simulator as its API calls it: orders of one call are answered as they would be alone. */

let handle: (request: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

const REFUSAL = 0.4;

beforeAll(async () => {
  await useAws();
  await createTable(TABLE, LEDGER);
  Object.assign(process.env, {
    ENVIRONMENT: "test",
    LEDGER_TABLE: TABLE,
    SEED: "seed",
    ACCEPTANCE: "1",
    REFUSAL: String(REFUSAL),
    PARTIAL: "0",
    PRELIMINARY: "0",
    RESULT_DELAY_MIN_SECONDS: "60",
    RESULT_DELAY_MAX_SECONDS: "60",
    LOG_LEVEL: "silent",
  });
  const { handler } = await import("../../../functions/auction-simulator/handler");
  handle = (request) => handler(request, context());
});

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const { statusCode, body: text } = await handle({
    ...apiRequest("POST", path),
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: statusCode, said: JSON.parse(text ?? "null") as unknown };
};

const Outcomes = t.type({
  outcomes: t.array(t.type({ idempotency_key: t.string, status: t.number })),
});

const batch = async (orders: ReadonlyArray<object>) => {
  const { status, said } = await post("/orders:batch", { orders });
  if (!Outcomes.is(said)) throw new Error(`${status}: ${JSON.stringify(said)}`);
  return said.outcomes;
};

const order = (order_id: number, key = `order-${order_id}`) => ({
  idempotency_key: key,
  request_id: "request",
  order_id,
  product: "Product1",
  power: 1,
});
const alone = ({ idempotency_key: key, ...content }: ReturnType<typeof order>) =>
  post("/orders", content, { "idempotency-key": key });

describe("POST /orders:batch", () => {
  it("answers each order as POST /orders does, the first time and any other", async () => {
    const orders = Array.from({ length: 40 }, (_, index) => order(index + 1));
    // Some are known already, some of these under another key.
    for (const known of orders.slice(0, 10)) await alone(known);
    const asked = [...orders, order(1, "another key"), { ...order(2), product: "Product2" }];
    const together = await batch(asked);
    expect(together.map(({ idempotency_key }) => idempotency_key)).toEqual(
      asked.map(({ idempotency_key }) => idempotency_key),
    );
    for (const [index, one] of asked.entries()) {
      const { status, said } = await alone(one);
      expect(together[index]).toMatchObject({
        status,
        ...(status === 200 ? {} : { detail: (said as { detail: string }).detail }),
      });
    }
    expect(new Set(together.map(({ status }) => status))).toEqual(new Set([200, 409, 422]));
  });

  it("takes an order that comes twice in a call once", async () => {
    const [first, second] = await batch([order(101), order(101)]);
    expect(first).toEqual(second);
  });

  it("says what is wrong with one order in its outcome, and takes the others", async () => {
    const accepted = (await batch(Array.from({ length: 20 }, (_, index) => order(201 + index)))).find(
      ({ status }) => status === 200,
    );
    const outcomes = await batch([
      { ...order(301), power: 1.5 },
      { idempotency_key: "nothing else" },
      order(Number(accepted?.idempotency_key.replace("order-", ""))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([400, 400, 200]);
  });

  it.each([
    ["no orders", { orders: [] }],
    ["more than 100", { orders: Array.from({ length: 101 }, (_, index) => order(index + 1)) }],
    ["one without its key", { orders: [order(1), { order_id: 2, product: "P", power: 1 }] }],
    ["no list", {}],
  ])("refuses a call with %s", async (_, body) => {
    expect((await post("/orders:batch", body)).status).toBe(400);
  });
});
