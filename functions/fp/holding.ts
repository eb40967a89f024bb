import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Checkpoints } from "../ports/capabilities";
import type { PortError } from "../ports/errors";

/**
 * Work done under a lease that is given up where it failed for good: whoever reads the results next need not
 * wait until it ends. What may be tried again keeps it.
 */
export const releasingForGood =
  (checkpoints: Checkpoints, holder: string) =>
  <A>(work: TE.TaskEither<PortError, A>): TE.TaskEither<PortError, A> =>
    pipe(
      work,
      TE.orElse((error): TE.TaskEither<PortError, A> =>
        error._tag === "Permanent"
          ? pipe(
              checkpoints.release(holder),
              // Whether or not: the lease ends by itself, and what went wrong first is what is told.
              TE.matchE(
                () => TE.left(error),
                () => TE.left(error),
              ),
            )
          : TE.left(error),
      ),
    );
