/** An order as one line of each file. */
import type { Verdict } from "./check";
import { endOf, type Record } from "./read";

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell that a spreadsheet would run as a formula is one of text; a negative price is a number. */
const harmless = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;

const cell = (value: string | number | undefined): string => {
  if (typeof value === "number") return String(value);
  const text = harmless(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const inTable = (verdict: Verdict): string =>
  verdict._tag === "contradiction" ? `contradicts: ${verdict.why}` : verdict._tag;

const columns = (record: Record, verdict: Verdict) => {
  const { history } = record;
  const [received] = history;
  const submitted = history.find(({ status }) => status === "submitted");
  const end = history.at(-1);
  return {
    order_id: record.order_id,
    product: record.product,
    power: record.power,
    status: record.status,
    awarded_power: record.awarded_power,
    price: record.price,
    currency: record.currency,
    ended_at: endOf(record),
    ended_by: end?.by,
    reason: record.reason,
    placed_by: received?.by,
    received_at: received?.at,
    request_id: received?.request_id,
    submitted_at: submitted?.at,
    submitted_by: submitted?.by,
    valid_until: record.valid_until,
    delivery_start: record.delivery_start,
    delivery_end: record.delivery_end,
    reference: record.reference,
    archived_in: record.key,
    table: inTable(verdict),
  };
};

export const HEADER = [
  ...["order_id", "product", "power", "status", "awarded_power", "price", "currency"],
  ...["ended_at", "ended_by", "reason", "placed_by", "received_at"],
  ...["request_id", "submitted_at", "submitted_by", "valid_until", "delivery_start", "delivery_end"],
  ...["reference", "archived_in", "table"],
].join(",");

export const csvLine = (record: Record, verdict: Verdict): string =>
  Object.values(columns(record, verdict)).map(cell).join(",");

export const jsonLine = ({ key, ...order }: Record, verdict: Verdict): string =>
  JSON.stringify({ ...order, archived_in: key, table: inTable(verdict) });
