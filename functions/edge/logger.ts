import pino from "pino";
import type { Logger } from "../ports/capabilities";

/** One JSON line per event. Values stand inside JSON strings: nothing from outside can forge a line. */
const root = pino(
  {
    level: process.env["LOG_LEVEL"] ?? "info",
    base: {
      environment: process.env["ENVIRONMENT"],
      function: process.env["AWS_LAMBDA_FUNCTION_NAME"],
    },
    messageKey: "event",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  },
  // The stream, not the file descriptor: a worker's own output stays its own.
  process.stdout,
);

/** A logger whose every line carries `bindings`, such as the request id. */
export const logger = (bindings: Readonly<Record<string, unknown>>): Logger => {
  const child = root.child(bindings);
  return {
    info:
      (event, fields = {}) =>
      () =>
        child.info(fields, event),
    warn:
      (event, fields = {}) =>
      () =>
        child.warn(fields, event),
    error:
      (event, fields = {}) =>
      () =>
        child.error(fields, event),
  };
};
