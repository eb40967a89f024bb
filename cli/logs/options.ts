/** What `logs` and `trace` are told: a function, an order, since when. */
import { Ended, wrongUse } from "../../lib/command";
import type { Environment } from "../../environments/environment";
import { OrderId } from "../../functions/domain/order";
import { nearest } from "../../lib/nearest";

const wrong = (message: string): Ended => new Ended(wrongUse(message));

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns epoch milliseconds of `90s`, `10m`, `1h`, `2d` before now, or of an instant */
export const since = (text: string, now: number): number => {
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const at =
    count === undefined
      ? /^\d{4}-\d\d-\d\d/.test(text)
        ? Date.parse(text)
        : Number.NaN
      : now - Number(count) * (UNIT_MS[unit] ?? 0);
  if (Number.isNaN(at))
    throw wrong(
      `--since ${text}: expected a time span such as 90s, 10m, 1h or 2d, or an instant such as 2027-01-31T06:00Z`,
    );
  return Math.max(at, 0);
};

export const orderId = (text: string): OrderId => {
  const id = Number(/^\d+$/.test(text) ? text : Number.NaN);
  if (!OrderId.is(id)) throw wrong(`${text}: expected the id of an order, an integer from 1 to 2^53 − 1`);
  return id;
};

/** CloudWatch has no way to write a quotation mark in a term. */
export const requestId = (text: string): string => {
  if (!/^[\w=+/.:-]+$/.test(text))
    throw wrong(`--request ${text}: expected the id of a request or an invocation`);
  return text;
};

export const functionOf = ({ name, functions }: Environment, text: string): string => {
  const known = Object.keys(functions);
  const given = text.startsWith(`${name}-`) ? text.slice(name.length + 1) : text;
  if (known.includes(given)) return given;
  const meant = nearest(given, known);
  throw wrong(
    `there is no function ${text}${meant === undefined ? "" : ` (did you mean ${meant}?)`}; there are ${known.join(", ")}`,
  );
};
