import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import type { APIGatewayProxyStructuredResultV2 as Response } from "aws-lambda";
import type { Fault } from "../../lib/faults";
import type { Capabilities } from "../ports/capabilities";
import { describe, type PortError } from "../ports/errors";
import { KINDS, OTHER_KINDS } from "./kinds";

/** A problem document (RFC 9457) with the members this API adds. */
export type Problem = (
  (typeof KINDS)[keyof typeof KINDS] | (typeof OTHER_KINDS)[keyof typeof OTHER_KINDS]
) & {
  readonly detail?: string;
  readonly errors?: ReadonlyArray<Fault>;
  readonly orders?: ReadonlyArray<unknown>;
  /** The order that the request is about, as it stands. */
  readonly order?: unknown;
  readonly retryAfterSeconds?: number;
};

export const json = (statusCode: number, body: unknown): Response => ({
  statusCode,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
});

export const problem = ({ retryAfterSeconds, ...members }: Problem): Response => ({
  statusCode: members.status,
  headers: {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  },
  body: JSON.stringify({ type: "about:blank", ...members }),
});

export const badRequest = (detail: string, errors?: ReadonlyArray<Fault>): Problem => ({
  ...KINDS.badRequest,
  detail,
  ...(errors === undefined ? {} : { errors }),
});

/** A dependency is down; repeating the request is always safe. */
export const unavailable: Problem = {
  ...KINDS.unavailable,
  detail:
    "Send the same request again: what is stored already is answered as replayed, nothing counts twice.",
  retryAfterSeconds: 2,
};

export const noSuchOrder: Problem = {
  ...KINDS.noSuchOrder,
  detail: "No order has this id, or it was decided so long ago that only the archive has it.",
};

/** Not a 503: asking again would not help. */
export const unreadable: Problem = {
  ...KINDS.unreadable,
  detail:
    "An order is stored under this id, but not as this API stores orders. It is reported to those who run the platform; asking again does not help.",
};

export const noSuchPath: Problem = OTHER_KINDS.noSuchPath;

/**
 * What a service's failure is to the one who asked: unavailable. Its cause is for the log.
 *
 * @param failed the log's word for it
 */
export const orUnavailable =
  (failed: string) =>
  <R extends Pick<Capabilities, "log">, A>(
    work: RTE.ReaderTaskEither<R, PortError | Problem, A>,
  ): RTE.ReaderTaskEither<R, Problem, A> =>
    pipe(
      work,
      RTE.orElse((error) =>
        "_tag" in error
          ? pipe(
              RTE.asksReaderTaskEither(({ log }: R) =>
                RTE.fromIO(log.error(failed, { cause: describe(error) })),
              ),
              RTE.flatMap(() => RTE.left(unavailable)),
            )
          : RTE.left(error),
      ),
    );
