import type { WriteStream } from "node:tty";
import { type Colour, hasColours, painter } from "../lib/colour";

const millis = (ms: number): string => `${ms.toFixed(0)} ms`;

/** Nothing from outside may end a line, colour it or move the cursor. */
// eslint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");

/** What happens, one readable line each. */
export const makeActivity = (write: (line: string) => void, coloured: boolean) => {
  const paint = painter(coloured);
  const line = (kind: string, colour: Colour, text: string): void => {
    const time = new Date().toTimeString().slice(0, 8);
    write(`${paint("gray", time)}  ${paint(colour, kind.padEnd(8))}  ${oneLine(text)}`);
  };
  const byStatus = (status: number): Colour => (status >= 500 ? "red" : status >= 400 ? "yellow" : "green");
  return {
    request: (method: string, path: string, status: number, ms: number): void =>
      line("request", byStatus(status), `${method} ${path} ${status} ${millis(ms)}`),
    batch: (functionName: string, queue: string, messages: number, failed: number, ms: number): void =>
      line(
        "batch",
        failed === 0 ? "green" : "yellow",
        `${queue} → ${functionName}: ${messages} message${messages === 1 ? "" : "s"}, ${failed} failed, ${millis(ms)}`,
      ),
    step: (machine: string, execution: string, text: string): void =>
      line("step", "cyan", `${machine} ${execution}: ${text}`),
    object: (bucket: string, key: string, bytes: number): void =>
      line("object", "blue", `s3://${bucket}/${key} ${bytes} bytes`),
    notification: (text: string): void => line("notify", "magenta", text),
    schedule: (name: string, text: string): void => line("schedule", "cyan", `${name}: ${text}`),
    alarm: (name: string, text: string): void => line("alarm", "red", `${name} ${text}`),
    /** What a fault plan does. */
    fault: (text: string): void => line("fault", "yellow", text),
    /** What was built while the platform runs. */
    build: (text: string): void => line("build", "cyan", text),
    /** What a start found in the data folder, and did about it. */
    data: (text: string): void => line("data", "yellow", text),
    /** Something that went wrong, or a function's own warning. */
    complaint: (who: string, text: string): void => line("warning", "red", `${who}: ${text}`),
  };
};

export type Activity = ReturnType<typeof makeActivity>;

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
