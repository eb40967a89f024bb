/** For pino's transports, multistream and redaction: the logger asks for none of them. */
const neverCalled = (): never => {
  throw new Error("this part of pino is not bundled: take never-called.cts out of cli/build/stubs.mts");
};
export = neverCalled;
