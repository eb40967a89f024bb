/** What a line of a file says of an order: of CSV with a header, and of NDJSON. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as t from "io-ts";
import { SubmittedOrder } from "../../functions/domain/order";
import { faultLine, kindOf, unreadableFault } from "../../lib/faults";
import { readJson } from "../../lib/json";
import { nearest } from "../../lib/nearest";
import { cut, listed, oneLine } from "../../lib/text";
import { cellsOf } from "./cells";

export type Order = Readonly<Record<string, unknown>>;

/** Reads one line; left: everything that is wrong with it. */
export type Read = (line: string) => E.Either<string, Order>;

const REQUIRED = Object.keys(SubmittedOrder.required);
const COLUMNS = SubmittedOrder.keys.filter((name) => name !== "status");
const NUMBERS = ["order_id", "power"];

const quoted = (text: string): string => cut(oneLine(JSON.stringify(text)), 60);

const INTEGER = /^-?(0|[1-9]\d*)$/;

/** The value that is meant, or nothing: a number is taken as it is written, or not at all. */
const valueOf = (name: string, cell: string): E.Either<string, unknown> => {
  if (!NUMBERS.includes(name)) return E.right(cell);
  if (!INTEGER.test(cell))
    return E.left(`${name}: expected an integer such as -12, got ${cell === "" ? "nothing" : quoted(cell)}`);
  return Number.isSafeInteger(Number(cell))
    ? E.right(Number(cell))
    : E.left(`${name}: expected an integer between ±(2^53 − 1), got ${quoted(cell)}`);
};

const row =
  (columns: ReadonlyArray<string>, delimiter: string): Read =>
  (line) =>
    pipe(
      cellsOf(line, delimiter),
      E.filterOrElse(
        ({ length }) => length === columns.length,
        ({ length }) => `the line has ${length} cells, the header ${columns.length}`,
      ),
      E.flatMap((cells) => {
        const values = columns
          .map((name, index) => ({ name, cell: cells[index] ?? "" }))
          .filter(({ name, cell }) => cell !== "" || REQUIRED.includes(name))
          .map(({ name, cell }) =>
            pipe(
              valueOf(name, cell),
              E.map((value) => [name, value] as const),
            ),
          );
        const { left, right } = pipe(values, RA.separate);
        return left.length > 0 ? E.left(left.join("; ")) : E.right(Object.fromEntries(right));
      }),
    );

const wrongColumn = (column: string, index: number, all: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (all.indexOf(column) < index) return [`the column ${quoted(column)} is there twice`];
  if (COLUMNS.includes(column)) return [];
  const meant = nearest(column, COLUMNS);
  return [
    `there is no column ${quoted(column)}${meant === undefined ? `; there are ${listed(COLUMNS)}` : `; did you mean ${meant}?`}`,
  ];
};

/** Reads the lines after a header, whose cells stand apart by what the header's do. Left: what is wrong with it. */
export const csv = (header: string): E.Either<string, Read> => {
  const delimiter = [",", ";", "\t"].find((each) => header.includes(each)) ?? ",";
  return pipe(
    cellsOf(header, delimiter),
    E.flatMap((columns) => {
      const wrong = [
        ...columns.flatMap(wrongColumn),
        ...REQUIRED.filter((name) => !columns.includes(name)).map((name) => `there is no column ${name}`),
      ];
      return wrong.length > 0 ? E.left(wrong.join("; ")) : E.right(row(columns, delimiter));
    }),
  );
};

export const ndjson: Read = (line) =>
  pipe(
    readJson(line),
    E.mapLeft((message) => `the line is not JSON: ${oneLine(message)}`),
    E.flatMap(({ value, found }) => {
      if (found.length > 0)
        return E.left(found.map((each) => faultLine(unreadableFault(each, "(line)"))).join("; "));
      return t.UnknownRecord.is(value) && !Array.isArray(value)
        ? E.right(value)
        : E.left(`the line: expected an order, got ${kindOf(value)}`);
    }),
  );
