import * as t from "io-ts";
import { ambiguous, permanent, type PortError, transient } from "../ports/errors";

const SdkError = t.intersection([
  t.type({ name: t.string, message: t.string }),
  t.partial({ $metadata: t.partial({ httpStatusCode: t.number }), $retryable: t.unknown }),
]);

const THROTTLED =
  /Throttl|TooManyRequests|ProvisionedThroughputExceeded|RequestLimitExceeded|SlowDown|LimitExceeded/;
const CONNECTION =
  /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket|network|TimeoutError|AbortError|aborted/i;

/**
 * Classes an AWS SDK error. The SDK has already retried what it may; what is idempotent here (conditional
 * writes, puts of the same object, reads) is safe to ask again, so a lost answer is transient unless
 * `notIdempotent`.
 */
export const portError =
  (operation: string, notIdempotent = false) =>
  (thrown: unknown): PortError => {
    if (!SdkError.is(thrown)) return permanent(operation, String(thrown));
    const cause = `${thrown.name}: ${thrown.message}`;
    const status = thrown.$metadata?.httpStatusCode;
    if (CONNECTION.test(thrown.name) || CONNECTION.test(thrown.message) || status === undefined)
      return notIdempotent ? ambiguous(operation, cause) : transient(operation, cause);
    return THROTTLED.test(thrown.name) || status >= 500 || status === 429
      ? transient(operation, cause)
      : permanent(operation, cause);
  };
