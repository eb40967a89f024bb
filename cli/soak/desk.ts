/** What a desk does with orders besides posting them, and what it is promised then. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRight } from "fp-ts/Either";
import { isHalted, type Said, type TradingState } from "../../functions/domain/trading";
import { callsTo, type OrderToSend, postOrders } from "../orders-api/client";
import { awsSettings, operated } from "../operated";
import { type Desk, deskOf, instantAfter } from "../trading/desk";
import { PATIENCE_MS, placed } from "./client";
import type { Platform } from "./platform";
import { random } from "./random";

/** The local environment limits what begins so. */
export const LIMITED_PRODUCT = "limited-soak";

export type Promised = {
  /** Orders that were posted, of which some may have been refused. */
  readonly posted: Set<number>;
  /** Until when each may be sent, in milliseconds. */
  readonly gates: Map<number, number>;
  /** Orders that the API said are cancelled. */
  readonly cancelled: Set<number>;
  /** When trading was halted, in milliseconds. */
  readonly halts: { readonly from: number; readonly to: number }[];
};

/** Longer than what is on its way when it begins takes: see `sentWhileHalted`. */
const HALT_MS = 30_000;
const FIRST_ID = 1_000_000_000;
const LIMITED = { clients: 4, orders: 20, power: 20 };
const ROUNDS_AFTER = 8;
/** So many have gates that close within the halt, however few rounds a busy machine comes to. */
const EXPIRING = 5;

/**
 * The local environment, where the auction takes one order a call, awards in part, too, and what has ended is archived
 * soon.
 */
export const writeDeskEnvironment = (folder: string): void => {
  const { auction, schedules, ...environment } = operated("local");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "local.json"),
    JSON.stringify({
      ...environment,
      auction: { ...auction, orders_per_call: undefined, partial: 0.3, preliminary: 0.2 },
      schedules: { ...schedules, sweep: { ...schedules.sweep, expression: "rate(5 seconds)" } },
    }),
  );
};

const said = (state: "halted" | "resumed", before: TradingState): Said => {
  const at = instantAfter(before);
  const all = { at, reason: "the soak", announced: false };
  return state === "halted" ? { ...all, state, since: at, intake: "open" } : { ...all, state };
};

/** Until it is so: an answer may be lost, and the platform killed. */
const bring = async (desk: Desk, state: "halted" | "resumed"): Promise<void> => {
  for (const begun = Date.now(); ;) {
    try {
      const before = await desk.state();
      if (isHalted(before) === (state === "halted")) return;
      await desk.say(said(state, before), before);
    } catch (thrown) {
      if (Date.now() - begun > PATIENCE_MS) throw thrown;
      await sleep(200);
    }
  }
};

/** Trades beside the clients that only post: in a halt and after it, until all of it is answered. */
export const trade = async (
  { apiUrl, awsUrl }: Platform,
  seed: number,
  onAnswer: (id: number) => void,
  say: (text: string) => void,
): Promise<Promised> => {
  const environment = operated("local");
  const desk = deskOf(environment, awsSettings(environment, awsUrl));
  const post = postOrders(new URL(apiUrl), { attempts: 6 });
  const { cancel } = callsTo(new URL(apiUrl), { attempts: 6 });
  const draw = random(seed, "desk");
  const promised: Promised = { posted: new Set(), gates: new Map(), cancelled: new Set(), halts: [] };
  let next = FIRST_ID;

  /** Whether it was taken; an order is refused over its limit, and too near to its gate. */
  const place = async (order: Omit<OrderToSend, "order_id">): Promise<number | undefined> => {
    const order_id = (next += 1);
    promised.posted.add(order_id);
    if (order.valid_until !== undefined) promised.gates.set(order_id, Date.parse(order.valid_until));
    const outcomes = await placed(post, [{ order_id, ...order }], { refusals: [400, 422] });
    if (outcomes === undefined) return undefined;
    onAnswer(order_id);
    return order_id;
  };

  const placeGated = () => {
    const leaves = 1_000 * environment.orders.gate_margin_seconds + 3_000 + 12_000 * draw();
    return place({
      product: "Gated",
      power: 5,
      valid_until: new Date(Date.now() + leaves).toISOString(),
    });
  };

  const placeAndCancel = async (pauseMs: number): Promise<void> => {
    const id = await place({ product: "Cancelled", power: -5 });
    await sleep(pauseMs);
    if (id === undefined) return;
    for (const begun = Date.now(); ;) {
      const answer = await cancel(id)();
      if (isRight(answer) && answer.right.status < 500 && answer.right.status !== 429) {
        if (answer.right.status === 200) promised.cancelled.add(id);
        return;
      }
      if (Date.now() - begun > PATIENCE_MS)
        throw new Error(`DELETE /orders/${id} is not answered: ${JSON.stringify(answer)}`);
      await sleep(200);
    }
  };

  const round = async (pauseMs: number): Promise<void> => {
    await Promise.all([placeGated(), placeAndCancel(pauseMs)]);
    await sleep(300);
  };

  const toTheLimit = async (): Promise<void> => {
    for (let order = 0; order < LIMITED.orders; order += 1)
      await place({ product: LIMITED_PRODUCT, power: order % 2 === 0 ? LIMITED.power : -LIMITED.power });
  };

  await bring(desk, "halted");
  const from = Date.now();
  say("trading is halted, and orders go on coming");
  for (let order = 0; order < EXPIRING; order += 1) await placeGated();
  const limited = Promise.all(Array.from({ length: LIMITED.clients }, toTheLimit));
  while (Date.now() - from < HALT_MS) await round(0);
  promised.halts.push({ from, to: Date.now() });
  await bring(desk, "resumed");
  say("trading goes on");
  for (let rounds = 0; rounds < ROUNDS_AFTER; rounds += 1) await round(2_000 * draw());
  await limited;
  return promised;
};
