/** For the retries that slow down by themselves (AWS_RETRY_MODE=adaptive): the functions take the standard ones. */
export const AdaptiveRetryStrategy = function () {
  throw new Error(
    "AWS_RETRY_MODE=adaptive is not bundled: take adaptive-retries.ts out of cli/build/stubs.mts",
  );
};
