/** What is said to who sends a file. */
import { Ended, wrongUse } from "../../lib/command";
import type { ClientError, Fault } from "../orders-api/client";

export const wrong = (message: string): Ended => new Ended(wrongUse(message));

/** The API counts an order's place in its request; a person counts it in the file. */
const inFile =
  (offset: number) =>
  ({ path, expected, actual }: Fault): string => {
    const place = path.replace(/^orders\[(\d+)\]/, (_, index: string) => `orders[${Number(index) + offset}]`);
    return `  ${place}: expected ${expected}, got ${actual}`;
  };

const HINTS: Readonly<Record<number, ReadonlyArray<string>>> = {
  401: ["  The API asks for a token: give a valid one in ORDERS_TOKEN."],
  403: [
    "  The API asks for a signature of somebody who may call it. Check whom this is signed as (above), that the",
    "  region is the API's, that the clock is right, and that the role has the policy ENVIRONMENT-submit.",
  ],
};

/**
 * Why a request has no outcomes.
 * @param offset the place of the request's first order in the file, where faults name orders by their places
 */
export const explain = (error: ClientError, offset = 0): string => {
  switch (error._tag) {
    case "Unreachable":
      return `${error.url}: no answer: ${error.cause}. Is the platform running there (npm start)? Send the file again when it is.`;
    case "NotTheOrdersApi":
      return `${error.url}: answered ${error.status} with something that is not the orders API's. Check --endpoint.`;
    case "Refused":
      return [
        `refused with ${error.status}: ${error.problem.title}${error.problem.detail === undefined ? "" : `: ${error.problem.detail}`}`,
        ...(error.problem.errors ?? []).map(inFile(offset)),
        ...(HINTS[error.status] ?? []),
      ].join("\n");
  }
};

export type Counts = Readonly<Record<"stored" | "replayed" | "conflict" | "unreadable", number>>;

/** In one line, what became of all orders of a file. */
export const total = ({ stored, replayed, conflict, unreadable }: Counts, notStored: number): string =>
  [
    `${stored} stored, ${replayed} replayed, ${conflict} in conflict`,
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable where they are stored`]),
    `${notStored} not stored`,
  ].join(", ");
