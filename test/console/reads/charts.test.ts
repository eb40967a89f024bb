import { awsClients } from "../../../console/aws/clients";
import { LOCAL } from "../../../console/aws/pace";
import { agesIn, readCharts, valuesIn, windowOf } from "../../../console/reads/charts";
import { declaredBy, placeOf } from "../../../console/system/declared";
import { mapOf } from "../../../console/system/map";
import { declaredEnvironment } from "../../support/synth";

const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);
const now = at("12:07:30");
/** Five minutes each. */
const window = windowOf("6h", now, 3);

it("ends with the period that is on, and begins with a whole one", () => {
  expect(window).toEqual({ from: at("11:55:00"), to: at("12:10:00"), periodS: 300 });
  expect(windowOf("7d", now)).toMatchObject({ to: at("14:00:00") });
});

it.each([
  ["1h", 1],
  ["6h", 6],
  ["24h", 24],
  ["7d", 168],
] as const)("covers %s, in no more periods than can be seen", (span, hours) => {
  const { from, to, periodS } = windowOf(span, now);
  expect((to - from) / 3_600_000).toBe(hours);
  expect((to - from) / 1_000 / periodS).toBeLessThan(100);
});

it("has a value for each period, and leaves out those of others", () => {
  const points = [
    { at: at("11:50:00"), value: 9 },
    { at: at("11:55:00"), value: 1 },
    { at: at("12:05:00"), value: 2 },
  ];
  expect(valuesIn(points, window, 0)).toEqual([1, 0, 2]);
  expect(valuesIn(points, window, null)).toEqual([1, null, 2]);
});

it("says how old the newest results were when a period ended, or now", () => {
  const seconds = (time: string): number => at(time) / 1_000;
  const later = { at: at("12:00:00"), value: seconds("12:04:30") };
  expect(agesIn([later], window, now)).toEqual([null, 0.5, 3]);
  const before = { at: at("09:00:00"), value: seconds("09:00:00") };
  expect(agesIn([before, later], window, now)).toEqual([180, 0.5, 3]);
});

it("links the dashboard of a deployed system, and shows the lines that can be read beside those that cannot", async () => {
  const declared = declaredBy(JSON.parse(declaredEnvironment("prod").text), "prod");
  const { charts, dashboard, awarded, problems } = await readCharts(
    {
      declared,
      map: mapOf(declared),
      // Nobody is asked: all is known.
      aws: awsClients({ region: declared.region }, placeOf(declared), LOCAL),
      metrics: (key) =>
        key.includes("OrdersExpired")
          ? Promise.reject(new Error("a permission is missing"))
          : Promise.resolve([{ at: at("12:05:00"), value: 3 }]),
      awarded: () => Promise.reject(new Error("AWS throttles")),
      dashboard: "https://cloudwatch",
    },
    "6h",
    now,
  );
  const lines = charts[0]?.lines.map(({ label, values }) => `${label} ${values?.at(-1)}`);
  expect(lines).toEqual([
    "received 3",
    "submitted 3",
    "accepted 3",
    "rejected 3",
    "expired undefined",
    "cancelled 3",
  ]);
  expect({ dashboard, awarded }).toEqual({ dashboard: "https://cloudwatch", awarded: undefined });
  expect(problems).toEqual([
    expect.stringContaining("a permission is missing"),
    expect.stringContaining("AWS throttles"),
  ]);
});
