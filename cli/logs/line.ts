/** A line of a function's log: what it is about, and how a person reads it. */
import type { styleText } from "node:util";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { oneLine } from "../../lib/text";
import type { LogEvent } from "./read";

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Where the functions write which orders a line is about. */
const ORDER_FIELDS = ["order_id", "order_ids", "stored", "conflicts"];
/** Where they, and Lambda itself, write which request or invocation it belongs to. */
const REQUEST_FIELDS = ["request_id", "invocation_id", "requestId"];

const Fields = t.UnknownRecord;

const partsOf = (value: unknown): ReadonlyArray<readonly [string, unknown]> =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

const mentions = (names: ReadonlyArray<string>, wanted: unknown, value: unknown): boolean =>
  partsOf(value).some(
    ([name, part]) =>
      (names.includes(name) && [part].flat().includes(wanted)) || mentions(names, wanted, part),
  );

export type Wanted = { readonly order?: number; readonly request?: string };

export const isAbout =
  ({ order, request }: Wanted) =>
  ({ message }: LogEvent): boolean => {
    const line = jsonOrUndefined(message);
    return (
      (order === undefined || mentions(ORDER_FIELDS, order, line)) &&
      (request === undefined || mentions(REQUEST_FIELDS, request, line))
    );
  };

/** What CloudWatch is to leave out already; it knows the terms of a line, not what they mean. */
export const patternOf = ({ order, request }: Wanted): { readonly pattern?: string } => {
  const terms = [order, request].flatMap((term) => (term === undefined ? [] : [`"${term}"`]));
  return terms.length === 0 ? {} : { pattern: terms.join(" ") };
};

/** Said at the beginning of the line, or the same of every line of an environment's function. */
const KNOWN = new Set(["level", "time", "timestamp", "event", "type", "environment", "function", "_aws"]);

const STYLES: Readonly<Record<string, Style>> = { warn: "yellow", error: "red", fatal: "red" };

const shown = (value: unknown): string =>
  typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);

const textOf = (value: unknown): string => (typeof value === "string" ? oneLine(value) : "");

/** `18:33:06.120  info   order submitted  order_id=7`; nothing in it ends the line or moves the cursor. */
export const textLine = ({ timestamp, message }: LogEvent, paint: Paint): string => {
  const time = paint("gray", new Date(timestamp).toISOString().slice(11, 23));
  const line = jsonOrUndefined(message);
  if (!Fields.is(line)) return `${time}         ${oneLine(message)}`;
  const level = textOf(line["level"]).toLowerCase();
  const event = [line["event"], line["type"]].map(textOf).find((text) => text !== "") ?? "";
  const rest = Object.entries(line)
    .filter(([name]) => !KNOWN.has(name))
    .map(([name, value]) => `${paint("gray", `${oneLine(name)}=`)}${oneLine(shown(value))}`);
  return [
    `${time}  ${paint(STYLES[level] ?? "green", level.padEnd(5))}`,
    ...(event === "" ? [] : [event]),
    ...(rest.length === 0 ? [] : [rest.join(" ")]),
  ].join("  ");
};

/** The line as it was logged; what is no JSON becomes its `message`. */
export const jsonLine = ({ timestamp, message }: LogEvent): string => {
  const line = jsonOrUndefined(message);
  return JSON.stringify(Fields.is(line) ? line : { time: new Date(timestamp).toISOString(), message });
};
