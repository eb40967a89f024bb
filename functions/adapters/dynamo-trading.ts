import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { isHalted, type TradingState } from "../domain/trading";
import { remembered } from "../fp/remembered";
import type { Clock, Trading } from "../ports/capabilities";
import { permanent, type PortError } from "../ports/errors";
import { getItem } from "./dynamo";
import { conditionalWrites, update } from "./conditional-writes";
import { KEY, tradingIn } from "./trading-item";

const READING = "reading whether trading is halted";

/** So soon does a halt take effect, and so rarely is it asked for: the item's load does not grow with the orders. */
const REMEMBERED_MS = 1_000;
const until = (signal: AbortSignal, withinMs: number | undefined): AbortSignal =>
  withinMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);

const read = (
  table: string,
  signal: AbortSignal,
  withinMs?: number,
): TE.TaskEither<PortError, TradingState> =>
  pipe(
    // Its time begins when it is asked.
    () => getItem(READING, until(signal, withinMs), { TableName: table, Key: KEY, ConsistentRead: true })(),
    TE.flatMapEither(({ Item }) =>
      pipe(
        tradingIn(Item),
        E.mapLeft((faults) => permanent(READING, faults)),
      ),
    ),
  );

type Invocation = { readonly signal: AbortSignal; readonly clock: Pick<Clock, "now"> };

/**
 * Whether trading is halted, as one item of the table of checkpoints. That it is not, all invocations remember; that it
 * is, only the one that asked: a message that was queued once trading was resumed must not be taken for one from before.
 *
 * @param withinMs a read that takes longer has failed; without it, the invocation's own deadline counts
 */
export const dynamoTrading = (table: string, withinMs?: number): ((invocation: Invocation) => Trading) => {
  const recall = remembered<PortError, TradingState>(REMEMBERED_MS, (state) => !isHalted(state));
  return ({ signal, clock }) => ({
    state: recall(
      clock,
      remembered<PortError, TradingState>(REMEMBERED_MS)(clock, read(table, signal, withinMs)),
    ),
    markAnnounced: (at) =>
      pipe(
        update(
          "noting that people were told",
          table,
          KEY,
          { set: { announced: { BOOL: true } } },
          { text: '"at" = ?', values: [{ S: at }] },
        ),
        conditionalWrites(signal),
        TE.asUnit,
      ),
  });
};
