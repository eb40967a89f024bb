import {
  barsOf,
  emptyText,
  lastingOf,
  lineText,
  pathsOf,
  periodWords,
  toldPeriods,
  topOf,
  unitText,
  valueText,
} from "../../../../console/page/metrics/numbers";
import type { Chart } from "../../../../console/shapes";

const counts: Chart = {
  title: "Orders",
  unit: "orders",
  kind: "counts",
  lines: [
    { label: "received", values: [0, 4, 0, 2] },
    { label: "accepted", values: [0, 0, 0, 1] },
  ],
};
const times: Chart = {
  title: "From received to submitted",
  unit: "milliseconds",
  kind: "values",
  lines: [
    { label: "p50", values: [null, 500, null, 250] },
    { label: "p95", values: [null, null, 1_000, null] },
  ],
};
const [received = { label: "" }] = counts.lines;
const [p50 = { label: "" }, p95 = { label: "" }] = times.lines;
const unread = { label: "p99" };

it("says counts as their sum, and other values as the newest", () => {
  expect(lineText(counts, received, "6h")).toBe("received: 6 in the last 6 hours, at most 4 in 5 minutes");
  expect(lineText(times, p50, "1h")).toBe("p50: 250 ms now, at most 500 ms in the last hour");
  expect(lineText(times, { label: "p50", values: [null] }, "7d")).toBe("p50: nothing in the last 7 days");
});

it("says of what could not be read that it could not, and not that it is zero", () => {
  expect(lineText(counts, unread, "1h")).toBe("p99: could not be read");
  expect(lastingOf(counts, unread)).toBeUndefined();
  expect(lastingOf(counts, { label: "none", values: [0, 0] })).toBe(0);
});

it("says why nothing is drawn", () => {
  const empty = { ...times, lines: [{ label: "p50", values: [null, null] }] };
  expect(emptyText(times, "1h")).toBeUndefined();
  expect(emptyText(empty, "1h")).toBe("Nothing in the last hour.");
  expect(emptyText({ ...empty, lines: [...empty.lines, unread] }, "1h")).toBe("It could not be read.");
});

it("has a unit for every number: a time says its own", () => {
  expect(unitText(counts, "7d")).toBe("orders in 2 hours");
  expect(unitText(times, "7d")).toBe("");
  expect(unitText({ ...times, unit: "messages" }, "7d")).toBe("messages");
  expect([
    valueText({ unit: "milliseconds" }, 1_500),
    valueText({ unit: "seconds" }, 90),
    valueText({ unit: "minutes" }, 90),
    valueText({ unit: "messages" }, 90),
    valueText({ unit: "messages" }, null),
  ]).toEqual(["1.5 s", "90 s", "90 min", "90", ""]);
});

it("tells a period's numbers, of those with any, the newest first", () => {
  expect(periodWords(counts, 3)).toBe("received 2, accepted 1");
  expect(periodWords(times, 1)).toBe("p50 500 ms");
  expect(toldPeriods(counts)).toEqual([3, 1]);
  expect(toldPeriods(times)).toEqual([3, 2, 1]);
  expect(toldPeriods({ ...counts, lines: [unread, ...counts.lines] })).toEqual([3, 1]);
});

it("draws all lines to one scale, breaks them off where there is no value, and shows the least bar", () => {
  expect([topOf(counts), topOf(times), topOf({ ...times, lines: [unread] })]).toEqual([4, 1_000, 0]);
  expect(pathsOf(p50, 1_000)).toEqual({
    line: "M1.5 50.00M3.5 75.00",
    dots: "M1.5 50.00h0M3.5 75.00h0",
  });
  expect(pathsOf({ ...p95, values: [0, 5, null, 10] }, 10)).toEqual({
    line: "M0.5 100.00L1.5 50.00M3.5 0.00",
    dots: "M3.5 0.00h0",
  });
  expect(pathsOf({ ...p95, values: [0] }, 0).dots).toBe("M0.5 100.00h0");
  expect(barsOf({ label: "bars", values: [0, 1, 1_000] }, 1_000)).toEqual([
    { x: 1.1, y: 98, width: 0.8, height: 2 },
    { x: 2.1, y: 0, width: 0.8, height: 100 },
  ]);
});
