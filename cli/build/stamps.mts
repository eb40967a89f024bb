/** What something was built from, and what came of it, as they were: by this is known whether it is current. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { outdir, replace, root } from "./files.mts";

const stampOf = (file: string): string => {
  const found = statSync(join(root, file), { throwIfNoEntry: false });
  return `${file}\t${found === undefined ? "absent" : `${found.mtimeMs} ${found.size}`}`;
};

const stampsFile = (name: string): string => join(outdir, `${name}.built`);

export const areCurrent = (name: string): boolean =>
  existsSync(stampsFile(name)) &&
  readFileSync(stampsFile(name), "utf8")
    .split("\n")
    .every((stamp) => stampOf(stamp.split("\t")[0] ?? "") === stamp);

/** Everything that is built depends on these. */
const ALWAYS = ["package-lock.json", "cli/build/files.mts", "cli/build/stamps.mts"];

/** @param began when reading began, in epoch milliseconds */
export const stamps = (
  name: string,
  began: number,
  inputs: ReadonlyArray<string>,
  outputs: ReadonlyArray<string>,
): void => {
  const read = [...inputs, ...ALWAYS].map((file) =>
    // What was written while it was read may not be what was read.
    statSync(join(root, file)).mtimeMs < began ? stampOf(file) : `${file}\twritten meanwhile`,
  );
  replace(stampsFile(name), Buffer.from([...read, ...outputs.map(stampOf)].join("\n")));
};
