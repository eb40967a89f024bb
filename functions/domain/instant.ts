import * as t from "io-ts";
import { stringOf } from "../../lib/codecs";
import { described, withSchema } from "../../lib/exactly";

/** RFC 3339 to the millisecond: what a clock here can hold. It has no leap seconds and no hour 24. */
const FORM = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The 30th of February would be read as the 2nd of March. */
const isDay = (day: string): boolean => {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};

const YEAR_10000 = Date.UTC(10_000, 0);

/** As the platform writes instants: only within these years is the order of texts that of time. */
const isWritable = (instant: string): boolean => {
  const time = Date.parse(instant);
  return time >= 0 && time < YEAR_10000;
};

interface InstantBrand {
  readonly ClientInstant: unique symbol;
}
/** An instant as a client writes it, kept as it was sent: whoever reads it sees the offset they sent. */
export const ClientInstant = described(
  withSchema(
    t.brand(
      t.string,
      (text): text is t.Branded<string, InstantBrand> =>
        FORM.test(text) && isDay(text.slice(0, 10)) && isWritable(text),
      "ClientInstant",
    ),
    { format: "date-time", pattern: FORM.source },
  ),
  "an instant with its offset, such as 2026-03-29T12:00:00+02:00",
);
export type ClientInstant = t.TypeOf<typeof ClientInstant>;

/** As the platform writes instants: ISO 8601, UTC, milliseconds. Text order is time order. */
export const UtcInstant = withSchema(
  stringOf(
    "an instant in UTC with milliseconds",
    (text) => ClientInstant.is(text) && new Date(text).toISOString() === text,
  ),
  { format: "date-time" },
);

/** Milliseconds since the epoch. */
export const epochOf = (instant: ClientInstant): number => Date.parse(instant);

/** In UTC, as the platform writes instants. */
export const inUtc = (instant: ClientInstant): string => new Date(epochOf(instant)).toISOString();
