import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { permanent, type PortError } from "../ports/errors";

/** A task's input as its state machine should give it. */
export const decodeInput =
  <A>(codec: t.Decoder<unknown, A>) =>
  (input: unknown): E.Either<PortError, A> =>
    pipe(
      codec.decode(input),
      E.mapLeft((errors) => permanent("reading the task's input", faultLines(errors))),
    );
