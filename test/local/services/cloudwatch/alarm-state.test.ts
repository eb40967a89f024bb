import fc from "fast-check";
import {
  type AlarmState,
  type Condition,
  type Datapoint,
  stateOf,
} from "../../../../local/services/cloudwatch/alarm-state";

const above = (over: Partial<Condition> = {}): Condition => ({
  comparison: "GreaterThanThreshold",
  threshold: 5,
  datapointsToAlarm: 1,
  missing: "notBreaching",
  ...over,
});

describe("an alarm's state", () => {
  it.each<[string, Datapoint[], Partial<Condition>, AlarmState, AlarmState]>([
    ["a value above the threshold", [6], {}, "OK", "ALARM"],
    ["a value at the threshold", [5], {}, "ALARM", "OK"],
    ["two of three above, of which two are asked for", [6, 0, 7], { datapointsToAlarm: 2 }, "OK", "ALARM"],
    ["one of three above, of which two are asked for", [6, 0, 5], { datapointsToAlarm: 2 }, "OK", "OK"],
    ["no data, which is good news", [undefined], {}, "ALARM", "OK"],
    ["no data, which is bad news", [undefined], { missing: "breaching" }, "OK", "ALARM"],
    ["no data, which says nothing", [undefined], { missing: "missing" }, "OK", "INSUFFICIENT_DATA"],
    ["some data", [undefined, 1], { missing: "missing" }, "ALARM", "OK"],
    ["no data, which changes nothing", [undefined, 1], { missing: "ignore" }, "ALARM", "ALARM"],
    ["data that is bad enough without the rest", [undefined, 6], { missing: "ignore" }, "OK", "ALARM"],
    [
      "a time before anything was counted",
      ["before", undefined],
      { missing: "breaching", datapointsToAlarm: 2 },
      "OK",
      "OK",
    ],
  ])("follows from %s", (_, points, condition, before, expected) => {
    expect(stateOf(points, above(condition), before)).toBe(expected);
  });

  it("never leaves ALARM by more breaching data", () => {
    const point = fc.oneof(
      fc.integer({ min: 0, max: 10 }),
      fc.constant(undefined),
      fc.constant("before" as const),
    );
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        fc.integer({ min: 1, max: 6 }),
        (points, place, needed) => {
          const condition = above({ datapointsToAlarm: needed });
          const worse = points.map((one, index) => (index === place % points.length ? 100 : one));
          if (stateOf(points, condition, "OK") === "ALARM")
            expect(stateOf(worse, condition, "OK")).toBe("ALARM");
        },
      ),
    );
  });
});
