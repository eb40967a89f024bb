/** For pino's writer to files (sonic-boom): the functions log to process.stdout. */
const neverAStream = function () {
  throw new Error("pino's own streams are not bundled: take never-a-stream.cts out of cli/build/stubs.mts");
};
export = neverAStream;
