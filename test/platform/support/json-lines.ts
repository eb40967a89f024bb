import { existsSync, readFileSync } from "node:fs";

/** The lines of a file that others write to: without the last one while it is being written. */
export const jsonLines = (file: string): ReadonlyArray<unknown> =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line): unknown => JSON.parse(line))
    : [];
