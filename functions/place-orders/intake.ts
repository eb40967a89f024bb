import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import { isHalted, type TradingState } from "../domain/trading";
import { KINDS } from "../http/kinds";
import type { Problem } from "../http/problem";
import type { Capabilities } from "../ports/capabilities";
import { describe } from "../ports/errors";
import * as log from "../ports/log";

type Needs = Pick<Capabilities, "trading" | "log">;

/** Nobody knows how long a halt lasts; those who ask again a minute later do no harm. */
const RETRY_SECONDS = 60;

/** Where nobody can say whether trading is halted, orders are taken: only sending them waits for an answer. */
const state: RTE.ReaderTaskEither<Needs, never, TradingState> = pipe(
  ({ trading }: Needs) => trading.state,
  RTE.orElseW((error) =>
    pipe(
      RTE.rightReaderIO(log.warn("orders taken without knowing of a halt", { cause: describe(error) })),
      RTE.map(() => undefined),
    ),
  ),
);

/** Refuses every order while trading is halted by somebody who wanted that, too. */
export const checkIntake: RTE.ReaderTaskEither<Needs, Problem, unknown> = pipe(
  state,
  RTE.flatMap((said) =>
    isHalted(said) && said.intake === "refused"
      ? RTE.left<Needs, Problem>({
          ...KINDS.halted,
          detail: `Halted since ${said.since}: ${said.reason}. Nothing was stored; send the same request again once trading is resumed.`,
          retryAfterSeconds: RETRY_SECONDS,
        })
      : RTE.right(undefined),
  ),
);
