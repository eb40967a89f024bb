import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { Capabilities, Position } from "./capabilities";
import { now } from "./clock";
import type { PortError } from "./errors";

type Needs = Pick<Capabilities, "checkpoints" | "clock"> & {
  /** Longer than any task and any wait between two tasks. */
  readonly leaseSeconds: number;
};

/** Takes or renews the lease on the results feed; where reading stands, or undefined where another holds it. */
export const acquireLease = (holder: string): RTE.ReaderTaskEither<Needs, PortError, Position | undefined> =>
  pipe(
    now,
    RTE.flatMap(
      (time) =>
        ({ checkpoints, leaseSeconds }: Needs) =>
          checkpoints.acquire({
            holder,
            now: time.getTime(),
            until: time.getTime() + leaseSeconds * 1_000,
          }),
    ),
  );

const nothing: RTE.ReaderTaskEither<Needs, never, unknown> = RTE.right(undefined);

/** Whether or not it can be released: it ends by itself, and the first error is the one to tell. */
const tryToRelease = (holder: string): typeof nothing =>
  pipe(
    ({ checkpoints }: Needs) => checkpoints.release(holder),
    RTE.orElseW(() => nothing),
  );

/**
 * Work done under the lease, which is released where it failed for good: whoever reads the results next need not
 * wait until it ends. Work that may be tried again keeps it.
 */
export const releasingLease =
  (holder: string) =>
  <R, A>(work: RTE.ReaderTaskEither<R, PortError, A>): RTE.ReaderTaskEither<R & Needs, PortError, A> =>
    pipe(
      work,
      RTE.tapError((error) => (error._tag === "Permanent" ? tryToRelease(holder) : nothing)),
    );
