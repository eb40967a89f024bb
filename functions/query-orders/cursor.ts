import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { withSchema } from "../../lib/exactly";
import { type Fault, kindOf } from "../../lib/faults";
import { OrderId } from "../domain/order";
import { Status } from "../domain/status";

/** Where a list goes on: the list it belongs to, and the place its last page ended at. */
type Position = { readonly list: string; readonly place: string };

const ALL = "all";
/** A place is a time and an order id: what is longer was not made here. */
const MAX_CURSOR = 100;

/** As the schema has it. Whether one is real says `decodeCursor`. */
export const Cursor = withSchema(new t.StringType(), { format: "cursor", maxLength: MAX_CURSOR });

const listOf = (status: Status | undefined): string => status ?? ALL;

const nameOf = (list: string): string =>
  list === ALL ? "a list of all orders" : `a list with status=${list}`;

const encode = ({ list, place }: Position): string => Buffer.from(`${list}@${place}`).toString("base64url");

export const encodeCursor = (status: Status | undefined, place: string): string =>
  encode({ list: listOf(status), place });

const isInstant = (text: string): boolean => {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
};

/**
 * A place is a time and an order id, in the list of all orders after the number of the part it is in.
 *
 * Only what `encode` writes, to the letter: base64 alone would overlook letters that it does not know.
 */
const decode = (text: string): Position | undefined => {
  const [, list = "", part = "", instant = "", id = ""] =
    /^([a-z]+)@([1-3]:|)([^#]+)#([1-9]\d*)$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
  const position = { list, place: `${part}${instant}#${id}` };
  const isList = list === ALL || (Status.is(list) && part === "");
  return isList && encode(position) === text && isInstant(instant) && OrderId.is(Number(id))
    ? position
    : undefined;
};

/** The place a list goes on at; a fault where the cursor is not one, or is another list's. */
export const decodeCursor = (text: string, status: Status | undefined): E.Either<Fault, string> => {
  const fault = (expected: string, actual: string): E.Either<Fault, string> =>
    E.left({ path: "cursor", expected, actual });
  if (text.length > MAX_CURSOR) return fault(`a cursor of at most ${MAX_CURSOR} characters`, kindOf(text));
  const position = decode(text);
  if (position === undefined)
    return fault("a cursor as an earlier answer gave it, unchanged", "something no answer gave");
  return position.list === listOf(status)
    ? E.right(position.place)
    : fault(`a cursor of ${nameOf(listOf(status))}`, `a cursor of ${nameOf(position.list)}`);
};
