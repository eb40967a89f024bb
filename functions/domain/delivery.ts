import { type ClientInstant, epochOf } from "./instant";

/** When what was bought or sold is delivered: from a quarter-hour to a later one. */
export type Delivery = { readonly delivery_start?: ClientInstant; readonly delivery_end?: ClientInstant };

type Fault = { readonly property: keyof Delivery; readonly expected: string; readonly actual: string };

const QUARTER_HOUR_MS = 15 * 60_000;

const isOnQuarterHour = (instant: ClientInstant): boolean => epochOf(instant) % QUARTER_HOUR_MS === 0;

const offQuarterHour = (
  property: keyof Delivery,
  instant: ClientInstant | undefined,
): ReadonlyArray<Fault> =>
  instant === undefined || isOnQuarterHour(instant)
    ? []
    : [{ property, expected: "an instant on a quarter-hour", actual: "one between two" }];

/** What is wrong with a delivery. A day of 23 or 25 hours is as long as its two offsets make it. */
export const deliveryFaults = ({
  delivery_start: start,
  delivery_end: end,
}: Delivery): ReadonlyArray<Fault> => {
  const unpaired = { expected: "a start and an end of the delivery, or neither", actual: "nothing" };
  if (start === undefined && end === undefined) return [];
  if (start === undefined) return [{ property: "delivery_start", ...unpaired }];
  if (end === undefined) return [{ property: "delivery_end", ...unpaired }];
  const off = [...offQuarterHour("delivery_start", start), ...offQuarterHour("delivery_end", end)];
  if (off.length > 0 || epochOf(start) < epochOf(end)) return off;
  return [
    {
      property: "delivery_end",
      expected: "an instant after delivery_start",
      actual: epochOf(start) === epochOf(end) ? "the same one" : "an earlier one",
    },
  ];
};
