import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import * as TE from "fp-ts/TaskEither";
import type { PortError } from "../ports/errors";
import { portError } from "./aws-error";

/** A condition that did not hold is an answer, not an error. */
export const conditional = (
  operation: string,
  write: () => Promise<unknown>,
): TE.TaskEither<PortError, boolean> =>
  TE.tryCatch(
    () =>
      write().then(
        () => true,
        (thrown: unknown) => {
          if (thrown instanceof ConditionalCheckFailedException) return false;
          throw thrown;
        },
      ),
    portError(operation),
  );
