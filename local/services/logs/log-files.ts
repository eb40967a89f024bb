import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, parseJson } from "../../json";

/** Functions' logs: a file each in the data folder, as a log group with one stream. */

export type LogEvent = { readonly timestamp: number; readonly message: string };

export type LogGroup = { readonly name: string; readonly createdAt: number; readonly bytes: number };

const PREFIX = "/aws/lambda/";
/** Of a longer log, the end is read. */
const READ_AT_MOST = 32 * 1024 * 1024;

export const logGroups = (folder: string): ReadonlyArray<LogGroup> =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".log"))
    .sort()
    .map((file) => {
      const { birthtimeMs, size } = statSync(join(folder, file));
      return {
        name: `${PREFIX}${file.slice(0, -".log".length)}`,
        createdAt: Math.floor(birthtimeMs),
        bytes: size,
      };
    });

const endOf = (path: string): string => {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, READ_AT_MOST));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString("utf8", 0, read);
    return size > READ_AT_MOST ? text.slice(text.indexOf("\n") + 1) : text;
  } finally {
    closeSync(file);
  }
};

const timeIn = (line: string): number => {
  const parsed = parseJson(line);
  const { time, timestamp } = isObject(parsed) ? parsed : {};
  const written = time ?? timestamp;
  return typeof written === "string" ? Date.parse(written) : Number.NaN;
};

/** The events of a group, the oldest first; undefined where there is no such group. A line without a time has that before it. */
export const logEvents = (folder: string, group: string): ReadonlyArray<LogEvent> | undefined => {
  const path = join(folder, `${group.replace(PREFIX, "")}.log`);
  if (!group.startsWith(PREFIX) || !/^[\w-]+$/.test(group.slice(PREFIX.length)) || !existsSync(path))
    return undefined;
  let last = Math.floor(statSync(path).birthtimeMs);
  return endOf(path)
    .split("\n")
    .filter((line) => line !== "")
    .map((message) => {
      const time = timeIn(message);
      if (!Number.isNaN(time)) last = time;
      return { timestamp: last, message };
    });
};
