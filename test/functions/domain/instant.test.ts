import fc from "fast-check";
import { ClientInstant, epochOf } from "../../../functions/domain/instant";

const two = (value: number): string => String(value).padStart(2, "0");

/** An instant as it is written so many minutes east of Greenwich. */
const written = (time: number, minutes: number): string => {
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return new Date(time + minutes * 60_000).toISOString().replace("Z", offset);
};

const time = fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2199, 0) });
const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });

describe("an instant as clients write it", () => {
  it("is the same one in whatever offset it is written", () => {
    fc.assert(
      fc.property(time, offset, (at, minutes) => {
        const text = written(at, minutes);
        expect(ClientInstant.is(text) && epochOf(text)).toBe(at);
      }),
    );
  });

  it.each([
    ["no offset", "2026-03-29T12:00:00"],
    ["a local time zone", "2026-03-29T12:00:00 Europe/Berlin"],
    ["a day that is none", "2026-02-30T12:00:00Z"],
    ["a month that is none", "2026-13-01T12:00:00Z"],
    ["the hour 24", "2026-03-29T24:00:00Z"],
    ["a leap second", "2026-06-30T23:59:60Z"],
    ["an offset that is none", "2026-03-29T12:00:00+24:00"],
    ["microseconds", "2026-03-29T12:00:00.123456Z"],
    ["small letters", "2026-03-29t12:00:00z"],
    ["a day alone", "2026-03-29"],
    ["something behind it", "2026-03-29T12:00:00Z "],
    ["a number", 1_774_000_000],
  ])("is none with %s", (_, value) => {
    expect(ClientInstant.is(value)).toBe(false);
  });
});
