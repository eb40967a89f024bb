/** Sums of the last 24 hours, kept by the hour: an hour is forgotten once all of it is that old. */

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** By how much the clocks of two that count may differ. */
const CLOCKS_MS = 60_000;

export const hourOf = (at: Date): number => Math.floor(at.getTime() / HOUR_MS);

/** From when on nothing that was counted in an hour is of the last 24, by anybody's clock. */
export const endOf = (hour: number): number => (hour + 1 + HOURS) * HOUR_MS + CLOCKS_MS;
