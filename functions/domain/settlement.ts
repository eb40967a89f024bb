import * as E from "fp-ts/Either";
import { type OrderId, sameText } from "./order";
import type { Result, SetAside } from "./results";
import { isFinal } from "./status";
import type { FoundOrder, StoredOrder } from "./stored-order";

/** What is to be done about the results of one page, given the orders as they stand. */
export type Settlement = {
  /** Accepted by this page: all of them stand in its archive object. */
  readonly accepted: ReadonlyArray<StoredOrder>;
  /** Rejected by this page and not yet written so: to be announced. */
  readonly rejected: ReadonlyArray<StoredOrder>;
  /** Of `accepted`, those not yet written so. */
  readonly unwritten: ReadonlyArray<StoredOrder>;
  readonly setAside: ReadonlyArray<SetAside>;
};

type Judgement =
  | { readonly _tag: "Accept"; readonly order: StoredOrder; readonly isWritten: boolean }
  | { readonly _tag: "Reject"; readonly order: StoredOrder }
  | { readonly _tag: "Known" }
  | { readonly _tag: "SetAside"; readonly reason: string };

const judge = (result: Result, found: FoundOrder | undefined, key: string): Judgement => {
  if (found === undefined) return { _tag: "SetAside", reason: `order ${result.order_id}: nobody placed it` };
  if (E.isLeft(found))
    return { _tag: "SetAside", reason: `order ${result.order_id}: what is stored of it cannot be read` };
  const order = found.right;
  if (!sameText(order.product, result.product) || order.power !== result.power)
    return { _tag: "SetAside", reason: `order ${result.order_id}: its product or power is not the order's` };
  if (!isFinal(order.status))
    return result.status === "accepted"
      ? { _tag: "Accept", order, isWritten: false }
      : { _tag: "Reject", order };
  if (order.status !== result.status)
    return {
      _tag: "SetAside",
      reason: `order ${result.order_id}: ${result.status}, but it was ${order.status} before`,
    };
  // Written by an earlier attempt at this very page: its object is built again with the order in it.
  return order.status === "accepted" && order.archive_key === key
    ? { _tag: "Accept", order, isWritten: true }
    : { _tag: "Known" };
};

/**
 * Sorts a page's results. An order counts in the one page whose key it carries: a result seen again on
 * another page is known and left out.
 *
 * @param key the page's archive key
 */
export const settle = (
  results: ReadonlyArray<Result>,
  orders: ReadonlyMap<OrderId, FoundOrder>,
  key: string,
): Settlement => {
  const accepted: StoredOrder[] = [];
  const rejected: StoredOrder[] = [];
  const unwritten: StoredOrder[] = [];
  const setAside: SetAside[] = [];
  const seen = new Map<OrderId, Result>();
  for (const result of results) {
    const earlier = seen.get(result.order_id);
    if (earlier !== undefined) {
      if (earlier.status !== result.status)
        setAside.push({
          reason: `order ${result.order_id}: twice on one page, with two results`,
          received: result,
        });
      continue;
    }
    seen.set(result.order_id, result);
    const judgement = judge(result, orders.get(result.order_id), key);
    switch (judgement._tag) {
      case "Accept":
        accepted.push(judgement.order);
        if (!judgement.isWritten) unwritten.push(judgement.order);
        break;
      case "Reject":
        rejected.push(judgement.order);
        break;
      case "SetAside":
        setAside.push({ reason: judgement.reason, received: result });
        break;
      case "Known":
        break;
    }
  }
  return { accepted, rejected, unwritten, setAside };
};
