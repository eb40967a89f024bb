/** Why AWS told nothing, in words for whoever looks: where the reason is none of the page's own. */
import * as t from "io-ts";
import { reasonOf } from "../../lib/thrown";
import { type Place, placesOf } from "./permissions";
import type { Action } from "./reads";

export type Why = "denied" | "credentials" | "throttled" | "unreachable";

export class Unread extends Error {
  constructor(
    readonly why: Why,
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

const NAMES: ReadonlyArray<readonly [Why, RegExp]> = [
  ["denied", /^(AccessDenied|AuthorizationError|Forbidden|KMSAccessDenied|UnauthorizedOperation)/],
  [
    "credentials",
    /^(CredentialsProviderError|TokenProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)/,
  ],
  ["throttled", /^(Throttling|RequestThrottled|TooManyRequests|RequestLimitExceeded|SlowDown)/],
  ["unreachable", /^(TimeoutError|InternalServer|InternalFailure|InternalError|ServiceUnavailable)/],
];

const Thrown = t.type({ name: t.string });
const NoConnection = t.type({
  code: t.keyof({
    ECONNREFUSED: null,
    ECONNRESET: null,
    EAI_AGAIN: null,
    EHOSTUNREACH: null,
    ENETUNREACH: null,
    ENOTFOUND: null,
    EPIPE: null,
    ETIMEDOUT: null,
  }),
});
const Answered = t.type({ $metadata: t.type({ httpStatusCode: t.number }) });

const whyOf = (thrown: unknown): Why | undefined => {
  const named = Thrown.is(thrown) ? NAMES.find(([, name]) => name.test(thrown.name)) : undefined;
  if (named !== undefined) return named[0];
  if (NoConnection.is(thrown)) return "unreachable";
  return Answered.is(thrown) && thrown.$metadata.httpStatusCode >= 500 ? "unreachable" : undefined;
};

const DENIED = /not authorized to perform: ([\w:]+) on resource: (\S+)/;

/** What AWS names may be another action than the one that was called, such as one on a key. */
const missing = (thrown: unknown, action: Action, place: Place): string => {
  const [, named = action, on = ""] = DENIED.exec(thrown instanceof Error ? thrown.message : "") ?? [];
  return `a permission is missing: ${named} on ${named === action ? placesOf(place, action) : on}`;
};

/** What was thrown, or in its place why AWS told nothing. */
export const orUnread = (thrown: unknown, action: Action, place: Place): unknown => {
  const why = whyOf(thrown);
  switch (why) {
    case "denied":
      return new Unread(why, missing(thrown, action, place), thrown);
    case "credentials":
      return new Unread(
        why,
        "AWS does not take these credentials, or not any more: log in again, and start the console again where they stood in environment variables",
        thrown,
      );
    case "throttled":
      return new Unread(why, `AWS throttles ${action}`, thrown);
    case "unreachable":
      return new Unread(why, `AWS does not answer ${action}`, thrown);
    case undefined:
      return thrown;
  }
};

/** Each reason once, with AWS's own words about the first that it holds for. */
export const reasonsOf = (thrown: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const reasons = new Map<string, string>();
  for (const one of thrown) {
    const reason = reasonOf(one);
    const key = one instanceof Unread ? one.message : reason;
    if (!reasons.has(key)) reasons.set(key, reason);
  }
  return [...reasons.values()];
};

/** Of several readings, why some failed. */
export const problemsIn = (readings: ReadonlyArray<PromiseSettledResult<unknown>>): ReadonlyArray<string> =>
  reasonsOf(readings.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : [])));

/** Of several readings, those that did not fail. */
export const valuesIn = <A>(readings: ReadonlyArray<PromiseSettledResult<A>>): ReadonlyArray<A> =>
  readings.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
