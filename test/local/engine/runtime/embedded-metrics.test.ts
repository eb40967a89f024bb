import { embeddedMetrics } from "../../../../local/engine/runtime/embedded-metrics";

const line = (values: object) => ({
  environment: "local",
  ...values,
  _aws: {
    Timestamp: 1,
    CloudWatchMetrics: [
      { Namespace: "N", Dimensions: [["environment"], []], Metrics: [{ Name: "Unreadable", Unit: "Count" }] },
    ],
  },
});

it("reads the values that a log line embeds, for each set of dimensions", () => {
  expect(embeddedMetrics(line({ Unreadable: [2, 3] }))).toEqual([
    [{ namespace: "N", name: "Unreadable", dimensions: { environment: "local" } }, 2],
    [{ namespace: "N", name: "Unreadable", dimensions: { environment: "local" } }, 3],
    [{ namespace: "N", name: "Unreadable", dimensions: {} }, 2],
    [{ namespace: "N", name: "Unreadable", dimensions: {} }, 3],
  ]);
});

it.each([{}, { _aws: 1 }, line({}), line({ Unreadable: "many" })])("reads none in %j", (other) => {
  expect(embeddedMetrics(other)).toEqual([]);
});
