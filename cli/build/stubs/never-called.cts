/** For pino's transports, multistream and redaction, and cdktf's archives and version checks: nobody asks for them. */
const neverCalled = (): never => {
  throw new Error("this part of a package is not bundled: look for never-called.cts in cli/build");
};
export = neverCalled;
