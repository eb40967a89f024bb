import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ClassicLevel } from "classic-level";
import * as E from "fp-ts/Either";
import { inDataFolder, type DataPaths } from "./paths";
import { messageOf, StartError } from "./start-error";

export type DataFolder = { readonly paths: DataPaths; readonly release: () => Promise<void> };

const LOCK = "lock";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EEXIST: "it is not a folder",
  ENOTDIR: "it is not a folder",
  ENOSPC: "no space is left",
};

const reason = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? messageOf(error);
};

/**
 * Takes a data folder for this process alone. The lock is the operating system's (LevelDB takes it on a file of
 * its own): it ends with the process, however that ends, and never has to be cleaned up.
 */
const lock = async (data: string, path: string): Promise<ClassicLevel> => {
  const level = new ClassicLevel(path);
  try {
    await level.open();
    return level;
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    throw new StartError(
      cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED"
        ? `${data}: the data folder is in use by another running platform`
        : `${data}: the data folder cannot be used: ${reason(cause)}`,
    );
  }
};

/**
 * Opens a data folder, made if it is not there.
 * @param fresh empty it first; only what was made by the platform is emptied
 */
export const openDataFolder = async (data: string, fresh: boolean): Promise<DataFolder> => {
  const paths = inDataFolder(data);
  const before = E.tryCatch(() => {
    // Node loops for ever where a parent exists and still nothing can be made in it, as in /proc.
    if (!existsSync(data)) mkdirSync(data, { recursive: !existsSync(dirname(data)) });
    return readdirSync(data);
  }, reason);
  if (E.isLeft(before)) throw new StartError(`${data}: the data folder cannot be used: ${before.left}`);
  if (fresh && before.right.length > 0 && !before.right.includes(LOCK))
    throw new StartError(`${data}: is no data folder of the platform: --fresh does not empty it`);
  const level = await lock(data, paths.lock);
  const usable = E.tryCatch(() => {
    if (fresh)
      for (const name of before.right.filter((one) => one !== LOCK))
        rmSync(join(data, name), { recursive: true, force: true });
    writeFileSync(join(data, ".writable"), "");
    rmSync(join(data, ".writable"));
  }, reason);
  if (E.isLeft(usable)) {
    await level.close();
    throw new StartError(`${data}: the data folder cannot be used: ${usable.left}`);
  }
  return { paths, release: () => level.close() };
};
