import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { tradingAnnounced } from "../domain/announcement";
import { isHalted, type Said, type TradingState } from "../domain/trading";
import type { Capabilities } from "../ports/capabilities";
import { now } from "../ports/clock";
import { describe, type PortError } from "../ports/errors";
import * as log from "../ports/log";

type Needs = Pick<Capabilities, "trading" | "notifier" | "clock" | "log" | "environment">;
type Step<A> = RTE.ReaderTaskEither<Needs, PortError, A>;

/** `unknown`: it cannot be read. Then nothing is queued to be sent, and the rest of the sweep goes on. */
const tradingState: RTE.ReaderTaskEither<Needs, never, TradingState | "unknown"> = pipe(
  ({ trading }: Needs) => trading.state,
  RTE.orElseW((error) =>
    pipe(
      RTE.rightReaderIO(log.error("orders not queued without knowing of a halt", { cause: describe(error) })),
      RTE.map(() => "unknown" as const),
    ),
  ),
);

const isSent = (state: TradingState | "unknown"): state is Exclude<TradingState, { state: "halted" }> =>
  state !== "unknown" && !isHalted(state);

/** False while trading is halted, and while nobody can say whether it is. */
export const isSending: RTE.ReaderTaskEither<Needs, never, boolean> = pipe(tradingState, RTE.map(isSent));

/** Which of the orders that were received are looked at. */
export type Scope = {
  /** While nothing is sent, only those that may have to expire. */
  readonly gated?: true;
  /** Those that were received before are stuck, and none that was queued before is left alone any longer. */
  readonly resumedAt?: Date;
};

export const scope: RTE.ReaderTaskEither<Needs, never, Scope> = pipe(
  tradingState,
  RTE.map((state) => {
    if (!isSent(state)) return { gated: true };
    return state === undefined ? {} : { resumedAt: new Date(state.at) };
  }),
);

/** What a command takes at most to tell people of what it wrote. */
const TELLING_MS = 30_000;

const announce =
  (said: Said): Step<void> =>
  ({ notifier, environment }) =>
    notifier.announce(tradingAnnounced(environment, said));

const markAnnounced =
  ({ at }: Said): Step<void> =>
  ({ trading }) =>
    trading.markAnnounced(at);

/** Tells people of a halt or a resumption whose command ended before it had. */
export const announceUntold: Step<unknown> = pipe(
  tradingState,
  RTE.bindTo("said"),
  RTE.bindW("at", () => now),
  RTE.flatMap(({ said, at }): Step<unknown> => {
    if (said === undefined || said === "unknown" || said.announced) return RTE.right(undefined);
    if (at.getTime() < Date.parse(said.at) + TELLING_MS) return RTE.right(undefined);
    return pipe(
      announce(said),
      RTE.flatMap(() => markAnnounced(said)),
      RTE.tapReaderIO(() => log.warn(`trading ${said.state}, announced by the sweep`, { at: said.at })),
    );
  }),
);
