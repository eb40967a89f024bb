import * as E from "fp-ts/Either";
import type { Trace } from "../../../cli/trace/gather";
import { tell } from "../../../cli/trace/tell";
import { order } from "../../support/in-memory";

const RECEIVED_AT = "2027-01-31T06:00:00.000Z";

const received: Trace["order"] = {
  ...order(7),
  status: "received",
  request_id: "r-1",
  received_at: RECEIVED_AT,
};

const logged = (name: string, event: string) =>
  E.right([
    { id: "1", timestamp: Date.parse(RECEIVED_AT), message: JSON.stringify({ level: "info", event }), name },
  ]);

const told = (trace: Trace) => tell(trace, (_, text) => text, 30);

const placed = { "place-orders": logged("place-orders", "orders placed") };

it("tells what an order that is not submitted waits for, with every failed try", () => {
  const { text, missing } = told({
    order: { ...received, requeues: 1 },
    lines: {
      ...placed,
      "sweep-orders": logged("sweep-orders", "orders re-queued"),
      "submit-orders": logged("submit-orders", "submission failed: Transient"),
    },
  });
  expect(missing).toEqual([]);
  expect(text.join("\n")).toBe(
    [
      "order 7  Product1, 2, received",
      "",
      `received   ${RECEIVED_AT}  by the request r-1`,
      "    06:00:00.000  place-orders      info   orders placed",
      "",
      "queued     again 1 time, by the sweep",
      "    06:00:00.000  sweep-orders      info   orders re-queued",
      "",
      "waits      to be submitted",
      "    06:00:00.000  submit-orders     info   submission failed: Transient",
    ].join("\n"),
  );
});

it("tells why an order was refused, and misses its announcement", () => {
  const { text, missing } = told({
    order: {
      ...received,
      status: "rejected",
      decided_at: "2027-01-31T06:00:02.500Z",
      reason: "no such\nproduct",
    },
    lines: {
      ...placed,
      "submit-orders": logged("submit-orders", "order refused"),
      "notify-slack": E.right([]),
    },
  });
  expect(text).toContain("rejected   2027-01-31T06:00:02.500Z  after 2.5 s: no such product");
  expect(text).toContain("    06:00:00.000  submit-orders     info   order refused");
  expect(missing).toEqual(["notify-slack has posted nothing of order 7; logs are kept for 30 days"]);
});

it("names a log that cannot be read, and goes on", () => {
  const { text, missing } = told({
    order: { ...received, status: "submitted", submitted_at: RECEIVED_AT },
    lines: {
      "place-orders": E.left("there is no log /aws/lambda/dev-place-orders"),
      "submit-orders": E.right([]),
    },
  });
  expect(missing).toEqual([
    "there is no log /aws/lambda/dev-place-orders",
    "submit-orders logged nothing of order 7; logs are kept for 30 days",
  ]);
  expect(text.at(-1)).toBe("waits      for its result");
});
