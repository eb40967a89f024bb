import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Logger } from "../ports/capabilities";
import { describe, type PortError } from "../ports/errors";
import { NamedError } from "./lambda";

/**
 * The edge of a function that the platform retries: the only place that throws. What may help to repeat is a
 * `TransientError`, what will not a `PermanentError`.
 */
export const orThrow =
  (log: Logger, event: string) =>
  <A>(task: TE.TaskEither<PortError, A>): Promise<A> =>
    pipe(
      task,
      TE.match(
        (error) => {
          log.error(event, { class: error._tag, cause: describe(error) })();
          throw new NamedError(
            error._tag === "Permanent" ? "PermanentError" : "TransientError",
            describe(error),
          );
        },
        (value) => value,
      ),
    )();
