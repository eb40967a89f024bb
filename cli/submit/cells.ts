import { CsvError, parse } from "csv-parse/sync";
import * as E from "fp-ts/Either";
import * as t from "io-ts";

const Cells = t.readonlyArray(t.string);

/** The cells of one line of CSV. A cell in quotes may hold the delimiter and quotes, but no line break. */
export const cellsOf = (line: string, delimiter: string): E.Either<string, ReadonlyArray<string>> => {
  // Parsing it takes a parser of its own for each line; without quotes there is nothing to parse.
  if (!line.includes('"')) return E.right(line.split(delimiter));
  try {
    const [record]: ReadonlyArray<unknown> = parse(line, { delimiter });
    return Cells.is(record) ? E.right(record) : E.left("the line has no cells");
  } catch (thrown) {
    const isOpen = thrown instanceof CsvError && thrown.code === "CSV_QUOTE_NOT_CLOSED";
    return E.left(
      isOpen
        ? "a quote is not closed on its line"
        : 'a quote is in the middle of a cell: write it twice, and the cell in quotes ("a ""b""")',
    );
  }
};
