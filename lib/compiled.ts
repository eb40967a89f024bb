import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Script, type ScriptOptions } from "node:vm";
import { threadId } from "node:worker_threads";

/** What nobody kept, or a build deletes at this moment, is compiled again. */
const read = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

/** Others may read, write or delete the same at this moment. */
const write = (file: string, compiled: Uint8Array): void => {
  const unfinished = `${file}.${process.pid}.${threadId}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, compiled);
    renameSync(unfinished, file);
  } catch {
    // It is compiled again.
  }
};

const MUCH_MORE = 1.1;

/** A script by what the engine has compiled of it before, if that is kept in the file and fits. */
export const scriptOf = (file: string, code: string, options: ScriptOptions) => {
  const cachedData = read(file);
  const script = new Script(code, { ...options, ...(cachedData === undefined ? {} : { cachedData }) });
  const known = script.cachedDataRejected === true ? 0 : (cachedData?.length ?? 0);
  return {
    script,
    /** Keeps what has been compiled until now, where nothing was. */
    keep: (): void => {
      if (known === 0) write(file, script.createCachedData());
    },
    /** Keeps it also where it is much more than what was kept, of a run that was over at once. */
    keepMore: (): void => {
      const compiled = script.createCachedData();
      if (compiled.length > MUCH_MORE * known) write(file, compiled);
    },
  };
};
