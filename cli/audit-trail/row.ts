/** An order as one line of each file. */
import { stringify } from "csv-stringify/sync";
import type { HistoryStep } from "../../functions/domain/history";
import type { Verdict } from "./check";
import { endOf, type Record } from "./read";

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell that a spreadsheet would run as a formula is one of text; a negative price is a number. */
const harmless = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;

const inTable = (verdict: Verdict): string =>
  verdict._tag === "contradiction" ? `contradicts: ${verdict.why}` : verdict._tag;

type Told = {
  readonly record: Record;
  readonly verdict: Verdict;
  readonly received?: HistoryStep | undefined;
  readonly submitted?: HistoryStep | undefined;
  readonly end?: HistoryStep | undefined;
};

type Column = readonly [name: string, cell: (told: Told) => string | number | undefined];

const COLUMNS: ReadonlyArray<Column> = [
  ["order_id", ({ record }) => record.order_id],
  ["product", ({ record }) => record.product],
  ["power", ({ record }) => record.power],
  ["status", ({ record }) => record.status],
  ["awarded_power", ({ record }) => record.awarded_power],
  ["price", ({ record }) => record.price],
  ["currency", ({ record }) => record.currency],
  ["ended_at", ({ record }) => endOf(record)],
  ["ended_by", ({ end }) => end?.by],
  ["reason", ({ record }) => record.reason],
  ["placed_by", ({ received }) => received?.by],
  ["received_at", ({ received }) => received?.at],
  ["request_id", ({ received }) => received?.request_id],
  ["submitted_at", ({ submitted }) => submitted?.at],
  ["submitted_by", ({ submitted }) => submitted?.by],
  ["valid_until", ({ record }) => record.valid_until],
  ["delivery_start", ({ record }) => record.delivery_start],
  ["delivery_end", ({ record }) => record.delivery_end],
  ["reference", ({ record }) => record.reference],
  ["archived_in", ({ record }) => record.key],
  ["table", ({ verdict }) => inTable(verdict)],
];

export const HEADER = COLUMNS.map(([name]) => name).join(",");

export const csvLine = (record: Record, verdict: Verdict): string => {
  const { history } = record;
  const submitted = history.find(({ status }) => status === "submitted");
  const told = { record, verdict, received: history[0], submitted, end: history.at(-1) };
  const cells = COLUMNS.map(([, cell]) => harmless(String(cell(told) ?? "")));
  return stringify([cells], { eof: false, quoted_match: /\r/ });
};

export const jsonLine = ({ key, ...order }: Record, verdict: Verdict): string =>
  JSON.stringify({ ...order, archived_in: key, table: inTable(verdict) });
