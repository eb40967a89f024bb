/** A file of orders as the API takes them, a batch at a time. */
import * as E from "fp-ts/Either";
import { ORDERS_PER_REQUEST, REQUEST_BYTES } from "../orders-api/client";
import { csv, ndjson, type Order, type Read } from "./formats";
import { linesOf } from "./lines";
import { wrong } from "./tell";

export type Format = "csv" | "ndjson";

/** A line with the order that it says, or what is wrong with it. */
export type Said = {
  readonly line: number;
  /** How much of the file ends with it, in bytes. */
  readonly end: number;
  readonly order: E.Either<string, Order>;
};

/** @throws if the file's header says that none of it can be read */
async function* saidIn(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  format: Format,
): AsyncGenerator<Said> {
  let read: Read | undefined = format === "ndjson" ? ndjson : undefined;
  for await (const { number, end, text } of linesOf(chunks)) {
    if (E.isRight(text) && text.right.trim() === "") continue;
    if (read !== undefined) yield { line: number, end, order: E.flatMap(read)(text) };
    else {
      const header = E.flatMap(csv)(text);
      if (E.isLeft(header)) throw wrong(`${name}: the header, line ${number}: ${header.left}`);
      read = header.right;
    }
  }
}

/** A request's bytes but for what stands around its orders. */
const BATCH_BYTES = REQUEST_BYTES - 1_024;

const sizeOf = ({ order }: Said): number =>
  E.isRight(order) ? Buffer.byteLength(JSON.stringify(order.right)) + 1 : 0;

export async function* batchesOf(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  format: Format,
): AsyncGenerator<ReadonlyArray<Said>> {
  let batch: Said[] = [];
  let bytes = 0;
  for await (const said of saidIn(chunks, name, format)) {
    const size = sizeOf(said);
    if (batch.length === ORDERS_PER_REQUEST || bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(said);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
