import { saidIn } from "../../../console/reads/log-lines";

it("a line says what its order's page does not say already, and nothing of how metrics are made", () => {
  const line = {
    level: "info",
    time: "2026-01-01T10:00:00.000Z",
    event: "order submitted",
    order_id: 7,
    invocation_id: "i",
    orders: [7],
    _aws: { Timestamp: 0, CloudWatchMetrics: [] },
  };
  expect(saidIn(JSON.stringify(line))).toBe("invocation_id i · orders [7]");
});
