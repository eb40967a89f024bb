/** An order's way as text, and what is missing of it. */
import * as E from "fp-ts/Either";
import { runOf } from "../../functions/domain/archive";
import { oneLine } from "../../lib/text";
import { type Paint, textLine } from "../logs/line";
import type { Entry, Found, Line, Trace } from "./gather";

export type Told = { readonly text: ReadonlyArray<string>; readonly missing: ReadonlyArray<string> };

const NOTHING: Told = { text: [], missing: [] };

const joined = (parts: ReadonlyArray<Told>): Told => ({
  text: parts.flatMap(({ text }) => text),
  missing: parts.flatMap(({ missing }) => missing),
});

const after = (from: string, to: string): string =>
  `after ${((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(1)} s`;

/** @param days for which the environment keeps its logs */
export const tell = ({ order, lines, page, object }: Trace, paint: Paint, days: number): Told => {
  const {
    order_id: id,
    status,
    received_at,
    placed_by,
    submitted_at,
    decided_at,
    requeues = 0,
    reason,
  } = order;

  const step = (name: string, what: string, ...details: ReadonlyArray<Told>): Told =>
    joined([{ text: ["", `${paint("bold", name.padEnd(10))} ${oneLine(what)}`], missing: [] }, ...details]);

  const line = (event: Line): string => {
    const [time = "", ...rest] = textLine(event, paint).split("  ");
    return `    ${time}  ${event.name.padEnd(17)} ${rest.join("  ")}`;
  };
  const absent = (why: string): Told => ({
    text: [`    ${paint("yellow", `missing: ${oneLine(why)}`)}`],
    missing: [why],
  });
  /** @param expected what is missing where no line tells of it */
  const linesOf = (name: string, expected?: string): Told => {
    const found = lines[name];
    if (found === undefined) return NOTHING;
    if (E.isLeft(found)) return absent(found.left);
    if (found.right.length === 0 && expected !== undefined)
      return absent(`${expected}; logs are kept for ${days} days`);
    return { text: found.right.map(line), missing: [] };
  };
  const entry = (what: string, found: Found<Entry> | undefined): Told => {
    if (found === undefined) return NOTHING;
    if (E.isLeft(found)) return absent(found.left);
    const { at, entry: said } = found.right;
    return { text: [`    ${what} ${at}`, `        ${oneLine(JSON.stringify(said))}`], missing: [] };
  };

  const decided =
    decided_at === undefined
      ? step(
          "waits",
          status === "received" ? "to be submitted" : "for its result",
          ...(status === "received" ? [linesOf("auction-simulator"), linesOf("submit-orders")] : []),
        )
      : step(
          status,
          `${decided_at}  ${after(received_at, decided_at)}${reason === undefined ? "" : `: ${reason}`}`,
          ...(submitted_at === undefined ? [linesOf("auction-simulator"), linesOf("submit-orders")] : []),
          linesOf(
            "archive-results",
            order.archive_key === undefined || runOf(order.archive_key) === undefined
              ? undefined
              : `archive-results logged nothing of order ${id}`,
          ),
          entry("page", page),
          entry("archived in", object),
        );

  return joined([
    {
      text: [`order ${id}  ${oneLine(order.product)}, ${order.power}, ${paint("bold", status)}`],
      missing: [],
    },
    step(
      "received",
      `${received_at}  by the request ${order.request_id}${placed_by === undefined ? "" : ` of ${placed_by}`}`,
      linesOf("place-orders", `place-orders logged nothing of the request ${order.request_id}`),
    ),
    requeues === 0
      ? NOTHING
      : step(
          "queued",
          `again ${requeues} ${requeues === 1 ? "time" : "times"}, by the sweep`,
          linesOf("sweep-orders"),
        ),
    submitted_at === undefined
      ? NOTHING
      : step(
          "submitted",
          `${submitted_at}  ${after(received_at, submitted_at)}`,
          linesOf("auction-simulator"),
          linesOf("submit-orders", `submit-orders logged nothing of order ${id}`),
        ),
    decided,
    status === "rejected"
      ? step(
          "announced",
          "on Slack",
          linesOf("notify-slack", `notify-slack has posted nothing of order ${id}`),
        )
      : NOTHING,
  ]);
};
