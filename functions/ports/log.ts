import type * as RIO from "fp-ts/ReaderIO";
import type { Capabilities, Logger } from "./capabilities";

/** A line of the log as a step of a pipeline. */
type Line = RIO.ReaderIO<Pick<Capabilities, "log">, void>;

const at =
  (level: keyof Logger) =>
  (event: string, fields?: Readonly<Record<string, unknown>>): Line =>
  ({ log }) =>
    log[level](event, fields);

export const info = at("info");
export const warn = at("warn");
export const error = at("error");

/** No line, where there is nothing to say. */
export const silence: Line = () => () => undefined;
