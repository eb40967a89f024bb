import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { FunctionError } from "./protocol";
import { isObject, type JsonObject, parseJson } from "../../json";
import type { Metrics } from "../metrics";
import { embeddedMetrics } from "./embedded-metrics";

const PINO_WARN = 40;

/** The text of a log line at warning level or above, or nothing. Lines that are no JSON are nobody's log. */
const complaintIn = ({ level, event, msg, message, cause, error }: JsonObject): string | undefined => {
  const loud =
    typeof level === "number"
      ? level >= PINO_WARN
      : typeof level === "string" && /^(warn|error|fatal)/i.test(level);
  if (!loud) return undefined;
  const detail = [cause, error].find((value) => value !== undefined);
  return [event ?? msg ?? message, detail]
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
    .join(": ");
};

/** As much of a log as Lambda gives back with an invocation. */
const TAIL_CHARACTERS = 4_096;

/** How many of its own frames are shown of an exception; the log has them all. */
const FRAMES_SHOWN = 4;

/** Keeps everything a function writes in a file of its own; what it complains about is shown too. */
export const functionLogs = (
  folder: string,
  name: string,
  complain: (text: string) => void,
  count: Metrics["put"],
) => {
  mkdirSync(folder, { recursive: true });
  const listeners = new Set<(line: string) => void>();
  const file = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
  return {
    capture: (stream: Readable): void => {
      createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
        file.write(`${line}\n`);
        for (const listener of listeners) listener(line);
        const parsed = parseJson(line);
        if (!isObject(parsed)) return;
        const complaint = complaintIn(parsed);
        if (complaint !== undefined) complain(complaint);
        for (const [metric, value] of embeddedMetrics(parsed)) count(metric, value);
      });
    },
    /** Reports an exception: whole in the log, as Lambda writes it; its own frames in the terminal. */
    failed: (requestId: string, { errorType, errorMessage, trace }: FunctionError): void => {
      const message = { errorType, errorMessage, stackTrace: trace, requestId };
      file.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level: "ERROR", message })}\n`);
      complain(`${errorType}: ${errorMessage}`);
      const own = trace.filter((frame) => /^\s*at /.test(frame) && !/node:|node_modules/.test(frame));
      for (const frame of own.slice(0, FRAMES_SHOWN)) complain(`    ${frame.trim()}`);
    },
    /** What is written from now on, until it is asked for: the end of it. */
    tail: (): (() => string) => {
      let written = "";
      const listen = (line: string): void => {
        written = `${written}${line}\n`.slice(-TAIL_CHARACTERS);
      };
      listeners.add(listen);
      return () => {
        listeners.delete(listen);
        return written;
      };
    },
    close: (): Promise<void> => new Promise((resolve) => file.end(resolve)),
  };
};

export type FunctionLogs = ReturnType<typeof functionLogs>;
