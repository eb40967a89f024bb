import type { WriteStream } from "node:tty";
import { type Colour, hasColours, painter } from "../lib/colour";

/** What happens, one readable line each. */
export type Activity = {
  readonly request: (method: string, path: string, status: number, ms: number) => void;
  readonly batch: (functionName: string, queue: string, messages: number, failed: number, ms: number) => void;
  readonly step: (machine: string, execution: string, text: string) => void;
  readonly object: (bucket: string, key: string, bytes: number) => void;
  readonly notification: (text: string) => void;
  readonly schedule: (name: string, text: string) => void;
  readonly alarm: (name: string, text: string) => void;
  /** What a fault plan does. */
  readonly fault: (text: string) => void;
  /** What was built while the platform runs. */
  readonly build: (text: string) => void;
  /** What a start found in the data folder, and did about it. */
  readonly data: (text: string) => void;
  /** Something that went wrong, or a function's own warning. */
  readonly complaint: (who: string, text: string) => void;
};

const millis = (ms: number): string => `${ms.toFixed(0)} ms`;

/** Nothing from outside may end a line, colour it or move the cursor. */
// eslint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");

export const makeActivity = (write: (line: string) => void, coloured: boolean): Activity => {
  const paint = painter(coloured);
  const line = (kind: string, colour: Colour, text: string): void => {
    const time = new Date().toTimeString().slice(0, 8);
    write(`${paint("gray", time)}  ${paint(colour, kind.padEnd(8))}  ${oneLine(text)}`);
  };
  const byStatus = (status: number): Colour => (status >= 500 ? "red" : status >= 400 ? "yellow" : "green");
  return {
    request: (method, path, status, ms) =>
      line("request", byStatus(status), `${method} ${path} ${status} ${millis(ms)}`),
    batch: (functionName, queue, messages, failed, ms) =>
      line(
        "batch",
        failed === 0 ? "green" : "yellow",
        `${queue} → ${functionName}: ${messages} message${messages === 1 ? "" : "s"}, ${failed} failed, ${millis(ms)}`,
      ),
    step: (machine, execution, text) => line("step", "cyan", `${machine} ${execution}: ${text}`),
    object: (bucket, key, bytes) => line("object", "blue", `s3://${bucket}/${key} ${bytes} bytes`),
    notification: (text) => line("notify", "magenta", text),
    schedule: (name, text) => line("schedule", "cyan", `${name}: ${text}`),
    alarm: (name, text) => line("alarm", "red", `${name} ${text}`),
    fault: (text) => line("fault", "yellow", text),
    build: (text) => line("build", "cyan", text),
    data: (text) => line("data", "yellow", text),
    complaint: (who, text) => line("warning", "red", `${who}: ${text}`),
  };
};

/** To standard output, until it is silenced; coloured only where a person looks at it. */
export const printActivity = (stream: WriteStream) => {
  let silent = false;
  const write = (text: string): void => {
    if (!silent) stream.write(`${text}\n`);
  };
  return {
    activity: makeActivity(write, hasColours(stream)),
    silence: (): void => {
      silent = true;
    },
  };
};
