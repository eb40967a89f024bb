import { pipe } from "fp-ts/function";
import * as RIO from "fp-ts/ReaderIO";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { Capabilities, Postponed } from "../ports/capabilities";
import { describe } from "../ports/errors";
import * as log from "../ports/log";

/** A delivery that failed; `askedMs`: what the other side asked to wait for. */
type Failed = { readonly receipt: string; readonly receiveCount: number; readonly askedMs: number };

type Needs = Pick<Capabilities, "deliveries" | "random" | "log">;

const BASE_SECONDS = 10;
const CAP_SECONDS = 600;

/** A pause that doubles with each delivery, half of it random; or what the other side asked for. */
const postponed =
  ({ receipt, receiveCount, askedMs }: Failed): RIO.ReaderIO<Needs, Postponed> =>
  ({ random }) =>
  () => {
    const most = Math.min(BASE_SECONDS * 2 ** (receiveCount - 1), CAP_SECONDS);
    return { receipt, seconds: Math.ceil(Math.max(askedMs / 1_000, (most * (1 + random())) / 2)) };
  };

const write = (messages: ReadonlyArray<Postponed>): RT.ReaderTask<Needs, unknown> =>
  pipe(
    ({ deliveries }: Needs) => deliveries.postpone(messages),
    RTE.getOrElseW((error) =>
      RT.fromReaderIO<Needs, unknown>(log.warn("failed messages not postponed", { cause: describe(error) })),
    ),
  );

/**
 * Has failed messages delivered again after a pause of their own instead of the queue's visibility timeout, which
 * is as long as several invocations may take. They stay counted as delivered. Where it fails, that timeout holds.
 */
export const postpone = (failed: ReadonlyArray<Failed>): RT.ReaderTask<Needs, unknown> =>
  pipe(failed, RIO.traverseArray(postponed), RT.fromReaderIO, RT.flatMap(write));
