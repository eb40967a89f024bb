/** Holds what a desk was promised against what is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { limitsOf } from "../../functions/domain/limits";
import { jsonOrUndefined } from "../../lib/json";
import { type Audit, type Row, zero } from "./audit";
import { operated } from "../operated";
import { LIMITED_PRODUCT, type Promised } from "./desk";

/** A line of the simulated auction that an order came, whether for the first time or again. */
const Entered = t.type({ event: t.literal("order entered"), order_id: t.number, time: t.string });

type Arrival = { readonly id: number; readonly at: number };

const arrivals = (data: string): ReadonlyArray<Arrival> => {
  const file = join(data, "logs", "local-auction-simulator.log");
  return (existsSync(file) ? readFileSync(file, "utf8") : "").split("\n").flatMap((text) => {
    const line = jsonOrUndefined(text);
    return Entered.is(line) ? [{ id: line.order_id, at: Date.parse(line.time) }] : [];
  });
};

/** What was sent in time arrives so much later at most: the time-outs of who sends and of who takes it, and more. */
const UNDER_WAY_MS = 15_000;

/** Whether to send was asked for so long ago at most. */
const HALT_KNOWN_MS = 2_000;

/** Whether an order's award is another than the auction's. */
const awardedWrongly =
  ({ orders, ledger }: Audit) =>
  (id: number): boolean => {
    const order = orders.get(id);
    return order?.status === "accepted" && order.awarded !== ledger.get(id)?.awarded;
  };

const overLimit = ({ orders }: Audit): number => {
  const limited = [...orders.values()].filter(({ product }) => product === LIMITED_PRODUCT);
  const power = limited.reduce((sum, order) => sum + Math.abs(order.power), 0);
  const { orders_per_day = 0, power_per_day = 0 } =
    limitsOf(operated("local").orders.limits, LIMITED_PRODUCT) ?? {};
  return Math.max(0, limited.length - orders_per_day) + Math.max(0, power - power_per_day);
};

/** The sweep archives what it did not see end. */
export const NOT_ARCHIVED = "ended, not archived";

/** @param closed how many objects of the archive each order stands in that ended otherwise than accepted */
export const judgeDesk = (
  audit: Audit,
  closed: ReadonlyMap<number, number>,
  { gates, cancelled, halts }: Promised,
  data: string,
): ReadonlyArray<Row> => {
  const { orders } = audit;
  const arrived = arrivals(data);
  const having = (status: string) => [...orders].filter(([, order]) => order.status === status);
  return [
    { name: "expired", count: having("expired").length },
    { name: "in doubt", count: [...orders.values()].filter(({ isInDoubt }) => isInDoubt).length },
    { name: "cancelled", count: having("cancelled").length },
    {
      name: "awarded in part",
      count: having("accepted").filter(([, { power, awarded }]) => awarded !== undefined && awarded !== power)
        .length,
    },
    zero("cancelled in vain", [...cancelled].filter((id) => orders.get(id)?.status !== "cancelled").length),
    zero("awarded wrongly", [...orders.keys()].filter(awardedWrongly(audit)).length),
    zero(
      "sent after its gate",
      arrived.filter(({ id, at }) => at > (gates.get(id) ?? Infinity) + UNDER_WAY_MS).length,
    ),
    zero(
      "sent while halted",
      arrived.filter(({ at }) =>
        halts.some(({ from, to }) => at > from + HALT_KNOWN_MS + UNDER_WAY_MS && at < to),
      ).length,
    ),
    zero("over its limit", overLimit(audit)),
    zero(
      NOT_ARCHIVED,
      ["rejected", "expired", "cancelled"].flatMap(having).filter(([id]) => !closed.has(id)).length,
    ),
  ];
};
