/** Sends a batch of orders so that faulty ones do not keep the others from being stored. */
import { isRight } from "fp-ts/Either";
import type * as TE from "fp-ts/TaskEither";
import type { ClientError, Fault, Outcome as Answered } from "../orders-api/client";
import type { Order } from "./formats";
import type { Outcome } from "./outcomes";

/** An order on its way, with its line in the file. */
export type Sendable = { readonly line: number; readonly order: Order };

export type Told = { readonly outcome: Outcome; readonly status: string; readonly fault: string };

export type Post = (orders: ReadonlyArray<unknown>) => TE.TaskEither<ClientError, ReadonlyArray<Answered>>;

type Sent = {
  /** By line. */
  readonly told: ReadonlyMap<number, Told>;
  /** Why nothing more should be sent now: what comes next would fare alike. */
  readonly stopped?: ClientError;
};

const INDEX = /\borders\[(\d+)\]\.?/;

/** A fault in the words of the file: a path begins within the order, and another order is named by its line. */
const wordsOf = ({ path, expected, actual }: Fault, sent: ReadonlyArray<Sendable>): string => {
  const within = path.replace(INDEX, "");
  const other = actual.replace(INDEX, (_, index: string) => `line ${sent[Number(index)]?.line ?? "?"}`);
  return `${within === "" ? "order" : within}: expected ${expected}, got ${other}`;
};

/** What is wrong with each faulty order, as far as the API told. */
const faultsByLine = (
  errors: ReadonlyArray<Fault>,
  sent: ReadonlyArray<Sendable>,
): ReadonlyMap<number, Told> => {
  const faulty = Map.groupBy(errors, ({ path }) => sent[Number(INDEX.exec(path)?.[1] ?? -1)]?.line ?? 0);
  faulty.delete(0);
  return new Map(
    [...faulty].map(([line, faults]) => [
      line,
      { outcome: "refused", status: "", fault: faults.map((fault) => wordsOf(fault, sent)).join("; ") },
    ]),
  );
};

const outcomesByLine = (
  answered: ReadonlyArray<Answered>,
  sent: ReadonlyArray<Sendable>,
): ReadonlyMap<number, Told> => {
  const byId = new Map<unknown, Answered>(answered.map((each) => [each.order_id, each]));
  return new Map(
    sent.flatMap(({ line, order }) => {
      const found = byId.get(order["order_id"]);
      if (found === undefined) return [];
      const fault = found.outcome === "conflict" ? "order_id: another order has it" : "";
      return [
        [
          line,
          { outcome: found.outcome, status: found.outcome === "unreadable" ? "" : found.status, fault },
        ] as const,
      ];
    }),
  );
};

const all = (sent: ReadonlyArray<Sendable>, outcome: Outcome, fault: string): ReadonlyMap<number, Told> =>
  new Map(sent.map(({ line }) => [line, { outcome, status: "", fault }]));

/** The request's own fault: the same orders are refused again, others may not be. */
const ITS_OWN = [400, 409, 413, 415, 422];

/** In a few words, for each row. */
const briefly = (error: ClientError): string => {
  switch (error._tag) {
    case "Unreachable":
      return "no answer";
    case "NotTheOrdersApi":
      return `${error.status}: not the orders API's answer`;
    case "Refused":
      return `${error.status}: ${error.problem.title}`;
  }
};

const failed = (error: ClientError, sent: ReadonlyArray<Sendable>): Sent =>
  error._tag === "Refused" && ITS_OWN.includes(error.status)
    ? { told: all(sent, "refused", briefly(error)) }
    : { told: all(sent, "unanswered", briefly(error)), stopped: error };

/** What became of some orders of a request that was refused: the others can be sent without them. */
const settledBy = (error: ClientError, sent: ReadonlyArray<Sendable>): ReadonlyMap<number, Told> =>
  error._tag === "Refused"
    ? new Map([
        ...faultsByLine(error.problem.errors ?? [], sent),
        ...outcomesByLine(error.problem.orders ?? [], sent),
      ])
    : new Map();

/**
 * The API refuses a request whole for one faulty order: those that it names are put aside, and the rest is sent
 * again. It names a hundred faults at most, so that this may take as many requests as there are hundreds. One that is
 * too slow for all says which it has placed: the rest is sent again, too.
 */
export const sendWith =
  (post: Post) =>
  async (batch: ReadonlyArray<Sendable>): Promise<Sent> => {
    let open = batch;
    const told = new Map<number, Told>();
    const note = (more: ReadonlyMap<number, Told>): void =>
      more.forEach((each, line) => told.set(line, each));
    while (open.length > 0) {
      const result = await post(open.map(({ order }) => order))();
      if (isRight(result)) {
        note(all(open, "unanswered", "the answer does not name it"));
        note(outcomesByLine(result.right, open));
        break;
      }
      const settled = settledBy(result.left, open);
      if (settled.size === 0) {
        const { told: rest, ...why } = failed(result.left, open);
        note(rest);
        return { told, ...why };
      }
      note(settled);
      open = open.filter(({ line }) => !settled.has(line));
    }
    return { told };
  };
