/** docs/subscribe.md and the schema of the messages, held to the code that makes them. */
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020";
import * as O from "fp-ts/Option";
import fc from "fast-check";
import { written } from "../../cli/openapi/document";
import { orderChangeSchema } from "../../cli/openapi/order-change";
import { OrderChange, orderChange } from "../../functions/domain/order-change";
import type { StoredOrder } from "../../functions/domain/stored-order";
import { arbitrary } from "../support/arbitrary";
import { order } from "../support/in-memory";

const committed = readFileSync("docs/order-change.schema.json", "utf8");
const ajv = new Ajv2020({ strict: false, formats: { "date-time": true, product: true } });
const accepts = ajv.compile(JSON.parse(committed) as object);

const submitted: StoredOrder = {
  ...order(7, "DayAhead-2026-11-30", 5),
  status: "submitted",
  request_id: "JKJaXmPLvHcESHA=",
  received_at: "2026-11-29T09:00:00.000Z",
  placed_by: "arn:aws:sts::222222222222:assumed-role/desk/session",
  submitted_at: "2026-11-29T09:00:01.250Z",
  submitted_by: "staging-submit-orders/1b9e3f6e-2c61-4b4f-9d0c-6a2f5a0b7c11",
};
const accepted: StoredOrder = {
  ...submitted,
  status: "accepted",
  decided_at: "2026-11-29T11:40:02.000Z",
  archive_key: "orders/dt=2026-11-29/0d6c1f0e-00003.json",
  awarded_power: 3,
  price: "41.10",
  currency: "EUR",
};

it("the schema is that of the codec: npm run openapi", () => {
  expect(committed).toBe(written(orderChangeSchema()));
});

it("the schema takes every message", () => {
  fc.assert(
    fc.property(arbitrary(OrderChange), (change) => {
      expect(accepts(JSON.parse(JSON.stringify(OrderChange.encode(change))))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it("the page shows a message as it is sent", () => {
  const change = orderChange("staging", submitted, accepted);
  const shown = /## The message\n[\s\S]*?```json\n([\s\S]*?)```/.exec(
    readFileSync("docs/subscribe.md", "utf8"),
  )?.[1];
  expect(JSON.parse(shown ?? "")).toEqual(
    O.isSome(change) ? OrderChange.encode(change.value) : "nothing to tell",
  );
});
