/** Times and numbers as they are read. */

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

const isToday = (date: Date): boolean => date.toDateString() === new Date().toDateString();

/** The time of today, or the day and the time. */
export const timeText = (at: string): string => {
  const date = new Date(at);
  return isToday(date) ? CLOCK.format(date) : `${DAY.format(date)}, ${CLOCK.format(date)}`;
};

export const durationText = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`;
};

const NUMBER = new Intl.NumberFormat();
export const numberText = (number: number): string => NUMBER.format(number);

/** A number that may not be known. */
export const numberOf = (number: number | undefined): string =>
  number === undefined ? "?" : numberText(number);

const MINUTE = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** As `timeText`, to the minute. */
export const minuteText = (date: Date): string =>
  isToday(date) ? MINUTE.format(date) : `${DAY.format(date)}, ${MINUTE.format(date)}`;
