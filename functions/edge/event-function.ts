import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { describe, permanent, type PortError } from "../ports/errors";
import { type Invocation, invocationOf, type LambdaContext, runLogged } from "./invocation";

/** The names that a state machine's `Retry` and `Catch` match on, and that Lambda's console shows. */
class NamedError extends Error {
  constructor(
    override readonly name: "TransientError" | "PermanentError",
    message: string,
  ) {
    super(message);
  }
}

const throwNamed = (error: PortError): never => {
  throw new NamedError(error._tag === "Permanent" ? "PermanentError" : "TransientError", describe(error));
};

const decodeEvent = <I>(codec: t.Decoder<unknown, I>, event: unknown) =>
  pipe(
    RTE.fromEither(codec.decode(event)),
    RTE.mapLeft((errors) => permanent("reading the event", faultLines(errors))),
  );

/**
 * A function that a queue, topic, schedule or state machine calls, and calls again where it fails: here alone an
 * error is thrown. What may help to repeat is a `TransientError`, what will not a `PermanentError`.
 *
 * @param failed the log's word for an invocation that failed
 */
export const eventFunction =
  <I, A>(
    codec: t.Decoder<unknown, I>,
    failed: string,
    work: (event: I) => RTE.ReaderTaskEither<Invocation, PortError, A>,
  ) =>
  async (event: unknown, context: LambdaContext): Promise<A> => {
    const invocation = invocationOf(context, { invocation_id: context.awsRequestId });
    const done = await runLogged(
      invocation.log,
      pipe(
        decodeEvent(codec, event),
        RTE.flatMap(work),
        RTE.tapError((error) =>
          RTE.fromIO(invocation.log.error(failed, { class: error._tag, cause: describe(error) })),
        ),
      )(invocation),
    );
    return E.getOrElse<PortError, A>(throwNamed)(done);
  };
