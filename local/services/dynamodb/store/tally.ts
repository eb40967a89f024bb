/** How much was written to each table, kept in the database and, in case the database loses writes, beside it. */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import * as E from "fp-ts/Either";
import * as O from "fp-ts/Option";
import * as t from "io-ts";
import { checkedJson } from "./checked-json";

const Totals = t.type({
  items: t.number,
  /** The sum of the items' checksums: the same items in whatever order have the same sum. */
  sum: t.number,
});
export type Totals = t.TypeOf<typeof Totals>;

export const NOTHING: Totals = { items: 0, sum: 0 };

export const Tally = t.type({
  /** How many writes there were. It only grows. */
  written: t.number,
  tables: t.record(t.string, Totals),
});
export type Tally = t.TypeOf<typeof Tally>;

/** The key of the tally in the database. Each of dynalite's own begins with `table~`, `item-`, `index-` or `tag-`. */
export const TALLY = "books~";

export const EMPTY: Tally = { written: 0, tables: {} };

/** An entry's part of a sum. */
export const checksum = (key: string, json: string): number => crc32(json, crc32(key));

export const plus = ({ items, sum }: Totals, added: number): Totals => ({
  items: items + 1,
  sum: (sum + added) % 0x1_0000_0000,
});

export const minus = ({ items, sum }: Totals, removed: number): Totals => ({
  items: items - 1,
  sum: (sum - removed + 0x1_0000_0000) % 0x1_0000_0000,
});

/** The table of an item's key, `item-NAME~…`. */
export const tableOf = (key: string): string | undefined =>
  key.startsWith("item-") ? key.slice("item-".length, key.indexOf("~")) : undefined;

/** The tally beside the database; none if nothing was ever written. */
export const readNote = (file: string): E.Either<string, O.Option<Tally>> => {
  const text = E.tryCatch(() => readFileSync(file, "utf8"), String);
  if (E.isLeft(text)) return E.right(O.none);
  const tally = E.tryCatch(() => checkedJson.decode(text.right.trimEnd()), String);
  return E.isRight(tally) && Tally.is(tally.right)
    ? E.right(O.some(tally.right))
    : E.left(`${file} is not as it was written`);
};

/**
 * Keeps the tally beside the database. One write to the same place each time: it survives the end of the process,
 * however that comes, and costs some microseconds.
 */
export const noteTally = (file: string) => {
  const opened = openSync(file, "a+");
  closeSync(opened);
  const descriptor = openSync(file, "r+");
  let length = 0;
  return (tally: Tally): void => {
    const text = checkedJson.encode(tally);
    // Never shorter than before: nothing of an older note is left behind a newer one.
    length = Math.max(length, Math.ceil((text.length + 1) / 256) * 256);
    writeSync(descriptor, `${text.padEnd(length - 1)}\n`, 0);
  };
};

export type Note = ReturnType<typeof noteTally>;
