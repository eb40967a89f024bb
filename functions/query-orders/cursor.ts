import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { withSchema } from "../../lib/exactly";
import { type Fault, kindOf } from "../../lib/faults";
import { OrderId } from "../domain/order";
import { Status } from "../domain/status";

const STATUSES = Object.keys(Status.keys);

/** Where a list goes on: the list it belongs to, and the place its last page ended at. */
type Position = { readonly list: string; readonly place: string };

const ALL = "all";
const DELIVERY = "delivery-";
/** A place is a time and an order id: what is longer was not made here. */
const MAX_CURSOR = 100;

/** As the schema has it. Whether one is real says `decodeCursor`. */
export const Cursor = withSchema(new t.StringType(), { format: "cursor", maxLength: MAX_CURSOR });

/** What a list is of. One by delivery goes on in another span, too: its places are the same. */
type List = { readonly status?: Status; readonly delivery?: object };

const listOf = ({ status, delivery }: List): string =>
  `${delivery === undefined ? "" : DELIVERY}${status ?? ALL}`;

const nameOf = (list: string): string => {
  const status = list.replace(DELIVERY, "");
  return [
    status === ALL ? "a list of all orders" : `a list with status=${status}`,
    ...(list === status ? [] : ["by their delivery"]),
  ].join(" ");
};

const encode = ({ list, place }: Position): string => Buffer.from(`${list}@${place}`).toString("base64url");

export const encodeCursor = (list: List, place: string): string => encode({ list: listOf(list), place });

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
    /^((?:delivery-)?[a-z]+)@([1-3]:|)([^#]+)#([1-9]\d*)$/.exec(Buffer.from(text, "base64url").toString()) ??
    [];
  const position = { list, place: `${part}${instant}#${id}` };
  const isList = list === ALL || (part === "" && [ALL, ...STATUSES].includes(list.replace(DELIVERY, "")));
  return isList && encode(position) === text && isInstant(instant) && OrderId.is(Number(id))
    ? position
    : undefined;
};

/** The place a list goes on at; a fault where the cursor is not one, or is another list's. */
export const decodeCursor = (text: string, list: List): E.Either<Fault, string> => {
  const fault = (expected: string, actual: string): E.Either<Fault, string> =>
    E.left({ path: "cursor", expected, actual });
  if (text.length > MAX_CURSOR) return fault(`a cursor of at most ${MAX_CURSOR} characters`, kindOf(text));
  const position = decode(text);
  if (position === undefined)
    return fault("a cursor as an earlier answer gave it, unchanged", "something no answer gave");
  return position.list === listOf(list)
    ? E.right(position.place)
    : fault(`a cursor of ${nameOf(listOf(list))}`, `a cursor of ${nameOf(position.list)}`);
};
