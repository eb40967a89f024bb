import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { PortError } from "../ports/errors";
import { portError } from "./aws-error";

/** What a conditional write answers; undefined where its condition did not hold, which is no error. */
export const ifHeld = <A>(
  operation: string,
  write: () => Promise<A>,
  notIdempotent = false,
): TE.TaskEither<PortError, A | undefined> =>
  TE.tryCatch(
    () =>
      write().catch((thrown: unknown) => {
        if (thrown instanceof ConditionalCheckFailedException) return undefined;
        throw thrown;
      }),
    portError(operation, notIdempotent),
  );

/** Whether the condition of a write held. */
export const conditional = (
  operation: string,
  write: () => Promise<object>,
): TE.TaskEither<PortError, boolean> =>
  pipe(
    ifHeld(operation, write),
    TE.map((answer) => answer !== undefined),
  );
