import fc from "fast-check";
import {
  type AlarmState,
  type Condition,
  evaluate,
  periodsLookedAt,
  type Point,
} from "../../../../local/services/cloudwatch/alarm-state";

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;

const of = (datapointsToAlarm: number, missing: Condition["missing"], evaluationPeriods = 3): Condition => ({
  comparison: "GreaterThanThreshold",
  threshold: 5,
  evaluationPeriods,
  datapointsToAlarm,
  missing,
});

/** As AWS writes them: the newest last, X breaches, 0 does not, - is missing; `.` is before the start. */
const VALUES: Readonly<Record<string, Point>> = { X: 6, "0": 5, "-": undefined, ".": "before" };
const points = (text: string): ReadonlyArray<Point> =>
  Array.from(text, (letter) => VALUES[letter]).toReversed();

describe("an alarm's state", () => {
  const KEPT = "kept";
  // The tables of "Configuring how CloudWatch alarms treat missing data", by the columns of TREATMENTS.
  it.each<[string, number, ReadonlyArray<AlarmState | typeof KEPT>]>([
    ["0-X-X", 3, ["OK", "OK", "OK", "OK"]],
    ["0----", 3, ["OK", "OK", "OK", "OK"]],
    ["-----", 3, ["INSUFFICIENT_DATA", KEPT, "ALARM", "OK"]],
    ["0XX-X", 3, ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["--X--", 3, ["ALARM", KEPT, "ALARM", "OK"]],
    ["0-X-X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["00X0X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0-X--", 2, ["OK", "OK", "ALARM", "OK"]],
    ["----0", 2, ["OK", "OK", "ALARM", "OK"]],
    ["---X-", 2, ["ALARM", KEPT, "ALARM", "OK"]],
  ])("is as AWS says after %s, where %d of 3 are asked for", (text, needed, expected) => {
    for (const before of ["OK", "ALARM"] as const)
      expect(TREATMENTS.map((missing) => evaluate(points(text), of(needed, missing), before).state)).toEqual(
        expected.map((state) => (state === KEPT ? before : state)),
      );
  });

  it.each(["----X", "---X-"])(
    "does not become ALARM too early after %s, of which three are asked for",
    (text) => {
      expect(evaluate(points(text), of(3, "missing"), "OK").state).toBe("OK");
    },
  );

  it.each<[string, AlarmState]>([
    [".....", "OK"],
    ["...--", "OK"],
    ["..---", "ALARM"],
    ["0----", "OK"],
    [".---X", "ALARM"],
  ])("waits for silence since the start: %s", (text, expected) => {
    expect(evaluate(points(text), of(3, "breaching"), "OK").state).toBe(expected);
  });

  it("looks at as many periods as AWS's examples do", () => {
    expect(periodsLookedAt({ evaluationPeriods: 3 })).toBe(5);
  });

  it.each<[Condition["comparison"], ReadonlyArray<boolean>]>([
    ["GreaterThanThreshold", [false, false, true]],
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["LessThanThreshold", [true, false, false]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
  ])("compares: %s", (comparison, expected) => {
    const condition = { ...of(1, "missing", 1), comparison };
    expect([4, 5, 6].map((value) => evaluate([value], condition, "OK").state === "ALARM")).toEqual(expected);
  });

  /** An alarm on so many of so many periods, and what it looks at. */
  const looked = fc.integer({ min: 1, max: 5 }).chain((periods) =>
    fc.record({
      periods: fc.constant(periods),
      needed: fc.integer({ min: 1, max: periods }),
      letters: fc.array(fc.constantFrom("X", "0", "-"), { minLength: periods + 2, maxLength: periods + 2 }),
    }),
  );

  it("never leaves ALARM because a period became worse", () => {
    fc.assert(
      fc.property(looked, fc.constantFrom(...TREATMENTS), fc.nat(6), (alarm, missing, place) => {
        const { periods, needed, letters } = alarm;
        const stateOf = (text: string) => evaluate(points(text), of(needed, missing, periods), "OK").state;
        const worse = letters.map((letter, index) => (index === place % letters.length ? "X" : letter));
        if (stateOf(letters.join("")) === "ALARM") expect(stateOf(worse.join(""))).toBe("ALARM");
      }),
    );
  });

  it("does not depend on how missing data is treated where enough is there", () => {
    fc.assert(
      fc.property(looked, ({ periods, needed, letters }) => {
        fc.pre(letters.filter((letter) => letter !== "-").length >= periods);
        const states = TREATMENTS.map(
          (missing) => evaluate(points(letters.join("")), of(needed, missing, periods), "OK").state,
        );
        expect(new Set(states).size).toBe(1);
      }),
    );
  });
});
