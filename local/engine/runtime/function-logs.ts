import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as E from "fp-ts/Either";
import { isObject, parseJson } from "../../json";

const PINO_WARN = 40;

/** The text of a log line at warning level or above, or nothing. Lines that are no JSON are nobody's log. */
const complaintIn = (line: string): string | undefined => {
  const parsed = parseJson(line);
  if (E.isLeft(parsed) || !isObject(parsed.right)) return undefined;
  const { level, event, msg, message, cause, error } = parsed.right;
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

/** Keeps everything a function writes in a file of its own; what it complains about is shown too. */
export const functionLogs = (folder: string, name: string, complain: (text: string) => void) => {
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
  return {
    capture: (stream: Readable): void => {
      createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
        file.write(`${line}\n`);
        const complaint = complaintIn(line);
        if (complaint !== undefined) complain(complaint);
      });
    },
    close: (): Promise<void> => new Promise((resolve) => file.end(resolve)),
  };
};

export type FunctionLogs = ReturnType<typeof functionLogs>;
