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
