import * as E from "fp-ts/Either";
import { agree, type Award, awardedTo, awardFault, awardOf, sameAward } from "./award";
import { runOf } from "./archive";
import { type OrderId, sameText } from "./order";
import type { Result, SetAside } from "./results";
import { isFinal, type Verdict } from "./status";
import type { FoundOrder, StoredOrder } from "./stored-order";

/** What is to be done about the results of one page, given the orders as they stand; each with what it was awarded. */
export type Settlement = {
  /** Accepted by this page: all of them stand in its archive object. */
  readonly accepted: ReadonlyArray<StoredOrder>;
  /** Rejected by this page and not yet written so: to be announced. */
  readonly rejected: ReadonlyArray<StoredOrder>;
  /** Rejected by this page: all of them stand in its object of such orders. */
  readonly closed: ReadonlyArray<StoredOrder>;
  /** Of `accepted`, those not yet written so. */
  readonly unwritten: ReadonlyArray<StoredOrder>;
  /** Not decided yet, and this page says what to expect. */
  readonly foreseen: ReadonlyArray<Foreseen>;
  readonly setAside: ReadonlyArray<SetAside>;
};

/** An order as it stands, and a result that is not final. */
export type Foreseen = {
  readonly order: StoredOrder;
  readonly status: Result["status"];
  readonly award: Award;
};

/** A page of results; `isReplayed`: it was archived before, and may be an old one. */
type Page = {
  /** Where the archive has the orders that it accepts, and those that it rejects. */
  readonly keys: Readonly<Record<Verdict, string>>;
  readonly isReplayed: boolean;
};

type Judgement =
  | { readonly _tag: "Accept"; readonly order: StoredOrder; readonly isWritten: boolean }
  | { readonly _tag: "Reject"; readonly order: StoredOrder; readonly isWritten: boolean }
  | ({ readonly _tag: "Foresee" } & Foreseen)
  | { readonly _tag: "Known" }
  | { readonly _tag: "SetAside"; readonly reason: string };

const KNOWN: Judgement = { _tag: "Known" };

/** Of an order, or of a result where nobody knows which order it is of. */
const setAside = (
  { order_id, placed_by }: Pick<StoredOrder, "order_id" | "placed_by">,
  why: string,
): Judgement => ({
  _tag: "SetAside",
  reason: `order ${order_id}${placed_by === undefined ? "" : `, placed by ${placed_by}`}: ${why}`,
});

const verdict = (order: StoredOrder, status: Verdict, isWritten: boolean): Judgement => ({
  _tag: status === "accepted" ? "Accept" : "Reject",
  order,
  isWritten,
});

const isPreliminary = ({ final }: Result): boolean => final === false;

type Said = Award & { readonly status: Result["status"]; readonly power: number };

const saidBy = (result: Result): Said => ({
  ...awardOf(result),
  status: result.status,
  power: result.power,
});

/** In words: `accepted with 3 of 5 at 41.10 EUR`. */
const inWords = (said: Said): string => {
  const { status, power, price, currency } = said;
  const awarded = awardedTo(said);
  return [
    status,
    ...(status === "accepted" && awarded !== power ? [`with ${awarded} of ${power}`] : []),
    ...(price === undefined ? [] : [`at ${price} ${currency}`]),
  ].join(" ");
};

/** Of an order that has ended: nothing changes it, and what contradicts its end is for people to see. */
const judgeEnded = (order: StoredOrder, result: Result, { keys }: Page): Judgement => {
  const { status, archive_key } = order;
  const now = saidBy(result);
  // What was foreseen says nothing any more once a result has decided the order.
  if (isPreliminary(result) && archive_key !== undefined && runOf(archive_key) !== undefined) return KNOWN;
  if (status !== now.status) return setAside(order, `${inWords(now)}, but it was ${status} before`);
  const before = { ...order, status };
  if (!agree(before, now)) return setAside(order, `${inWords(now)}, but it was ${inWords(before)} before`);
  // Written by an earlier attempt at this very page: its object is built again with the order in it.
  return archive_key === keys[now.status] ? verdict(order, now.status, true) : KNOWN;
};

const judgeOpen = (order: StoredOrder, result: Result, { isReplayed }: Page): Judgement => {
  const { preliminary } = order;
  const { status } = result;
  const award = awardOf(result);
  if (isPreliminary(result)) {
    const isKnown =
      preliminary !== undefined &&
      (isReplayed || (preliminary.status === status && sameAward(preliminary, award)));
    return isKnown ? KNOWN : { _tag: "Foresee", order, status, award };
  }
  return verdict({ ...order, ...award }, status, false);
};

const judge = (result: Result, found: FoundOrder | undefined, page: Page): Judgement => {
  if (found === undefined) return setAside(result, "nobody placed it");
  if (E.isLeft(found)) return setAside(result, "what is stored of it cannot be read");
  const order = found.right;
  if (!sameText(order.product, result.product) || order.power !== result.power)
    return setAside(order, "its product or power is not the order's");
  const fault = awardFault(saidBy(result));
  if (fault !== undefined) return setAside(order, fault);
  return isFinal(order.status) ? judgeEnded(order, result, page) : judgeOpen(order, result, page);
};

const isContradicted = (before: Result, result: Result): boolean =>
  before.status !== result.status || !agree(saidBy(before), saidBy(result));

type Told = { readonly results: ReadonlyArray<Result>; readonly setAside: ReadonlyArray<SetAside> };

/** What a page says of each order in the end: its final result, or else the last that is not. */
const lastOf = (results: ReadonlyArray<Result>): Told => {
  const last = new Map<OrderId, Result>();
  const contradicting: SetAside[] = [];
  for (const result of results) {
    const before = last.get(result.order_id);
    if (before === undefined || isPreliminary(before)) last.set(result.order_id, result);
    else if (!isPreliminary(result) && isContradicted(before, result))
      contradicting.push({
        reason: `order ${result.order_id}: twice on one page, with two results`,
        received: result,
      });
  }
  return { results: [...last.values()], setAside: contradicting };
};

/**
 * Sorts a page's results. An order counts in the one page whose key it carries: a result seen again on
 * another page is known and left out.
 */
export const settle = (
  received: ReadonlyArray<Result>,
  orders: ReadonlyMap<OrderId, FoundOrder>,
  page: Page,
): Settlement => {
  const told = lastOf(received);
  const accepted: StoredOrder[] = [];
  const rejected: StoredOrder[] = [];
  const closed: StoredOrder[] = [];
  const unwritten: StoredOrder[] = [];
  const foreseen: Foreseen[] = [];
  const aside: SetAside[] = [...told.setAside];
  for (const result of told.results) {
    const judgement = judge(result, orders.get(result.order_id), page);
    switch (judgement._tag) {
      case "Accept":
        accepted.push(judgement.order);
        if (!judgement.isWritten) unwritten.push(judgement.order);
        break;
      case "Reject":
        closed.push(judgement.order);
        if (!judgement.isWritten) rejected.push(judgement.order);
        break;
      case "Foresee":
        foreseen.push(judgement);
        break;
      case "SetAside":
        aside.push({ reason: judgement.reason, received: result });
        break;
      case "Known":
        break;
    }
  }
  return { accepted, rejected, closed, unwritten, foreseen, setAside: aside };
};
