/** `{"orders": […]}`: read whole, and what became of each order printed. */
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import * as A from "fp-ts/Array";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { userPath } from "../../lib/command";
import { faultLine, unreadableFault } from "../../lib/faults";
import { readJson } from "../../lib/json";
import { ORDERS_PER_REQUEST, type Outcome, postOrders } from "../orders-api/client";
import type { Target } from "./target";
import { explain, total, wrong } from "./tell";

const OrdersFile = t.type({ orders: t.UnknownArray });

const contentOf = async (file: string): Promise<string> => {
  const content = await (file === "-" ? buffer(process.stdin) : readFile(userPath(file))).catch(
    (error: unknown) => {
      throw wrong(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw wrong(`${file}: is not UTF-8: save it in that encoding, or its texts are not what they were`);
  }
};

const FAULTS_SHOWN = 10;

/** A file is not sent if numbers in it would be rounded, or a property is repeated. */
const readOrders = async (file: string): Promise<ReadonlyArray<unknown>> => {
  const json = readJson(await contentOf(file));
  if (E.isLeft(json)) throw wrong(`${file}: is not JSON: ${json.left}`);
  const { value, found } = json.right;
  if (found.length > 0)
    throw wrong(
      [
        `${file}: says what cannot be sent as it stands`,
        ...found.slice(0, FAULTS_SHOWN).map((each) => `  ${faultLine(unreadableFault(each, "(file)"))}`),
        ...(found.length > FAULTS_SHOWN ? [`  … and ${found.length - FAULTS_SHOWN} more`] : []),
      ].join("\n"),
    );
  const decoded = OrdersFile.decode(value);
  if (E.isLeft(decoded)) throw wrong(`${file}: expected {"orders": […]}, an object with a list of orders`);
  if (decoded.right.orders.length === 0) throw wrong(`${file}: has no orders`);
  return decoded.right.orders;
};

const print = ({ order_id, outcome }: Outcome): void =>
  console.log(`${String(order_id).padStart(16)}  ${outcome}`);

/** @param to asked once it is known that there is something to send */
export const submitJson = async (file: string, to: () => Promise<Target>): Promise<number> => {
  const orders = await readOrders(file);
  const { endpoint, authorize } = await to();
  const send = postOrders(endpoint, { attempts: 6, authorize });

  const counts = { stored: 0, replayed: 0, conflict: 0, unreadable: 0 };
  for (const [index, chunk] of pipe([...orders], A.chunksOf(ORDERS_PER_REQUEST)).entries()) {
    const offset = index * ORDERS_PER_REQUEST;
    const result = await send(chunk)();
    if (E.isLeft(result)) {
      console.error(`orders ${offset + 1}–${offset + chunk.length}: ${explain(result.left, offset)}`);
      if (result.left._tag !== "Refused") break;
    } else {
      result.right.forEach(print);
      for (const { outcome } of result.right) counts[outcome] += 1;
    }
  }
  const { stored, replayed, conflict, unreadable } = counts;
  console.log(total(counts, orders.length - stored - replayed - conflict - unreadable));
  return stored + replayed === orders.length ? 0 : 1;
};
