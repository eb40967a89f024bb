/** The data folder: which release made it, which process holds it, and what may be deleted in it. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ClassicLevel } from "classic-level";
import * as E from "fp-ts/Either";
import * as R from "fp-ts/Record";
import * as t from "io-ts";
import { parseJson } from "./json";
import { inDataFolder, type DataPaths, OWN } from "./paths";
import { messageOf, StartError } from "./start-error";

/** Format 1 is that of the releases before the marker: it is not written, but recognised by its layout. */
const FORMAT = 2;

const Marker = t.type({ made_by: t.literal("orders-platform"), format: t.number, stack: t.string });

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

const kindOf = (path: string): string => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "nothing";
  if (found.isSymbolicLink()) return "symbolic link";
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "special file";
};

const EMPTY_LOCK = /^(CURRENT|LOCK|LOG(\.old)?|MANIFEST-\d+|\d+\.log)$/;

/** The lock of every release: a LevelDB database without a single entry. */
const isOurLock = (path: string): boolean =>
  kindOf(join(path, "CURRENT")) === "file" &&
  readdirSync(path).every(
    (name) => EMPTY_LOCK.test(name) && (!name.endsWith(".log") || lstatSync(join(path, name)).size === 0),
  );

/** Whether releases before the marker made this folder: their lock, and nothing else or their databases too. */
const isFormat1 = (paths: DataPaths, names: ReadonlyArray<string>): boolean => {
  if (kindOf(paths.lock) !== "folder" || !isOurLock(paths.lock)) return false;
  const own = new Set<string>(Object.values(OWN).map(({ name }) => name));
  return (
    names.every((name) => own.has(name)) ||
    (kindOf(join(paths.tables, "CURRENT")) === "file" && kindOf(join(paths.queues, "fauxqs.db")) === "file")
  );
};

const quoted = (names: ReadonlyArray<string>): string =>
  names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");

/** Refuses a folder that somebody else made, and one whose format this release does not read. */
const refuseForeign = (data: string, paths: DataPaths, names: ReadonlyArray<string>): void => {
  if (names.length === 0) return;
  if (!names.includes(OWN.marker.name)) {
    if (isFormat1(paths, names)) return;
    throw new StartError(
      `${data}: is not a data folder of the platform (it holds ${quoted(names)}, but no ${OWN.marker.name}): ` +
        "nothing in it was touched; name a new or an empty folder with --data",
    );
  }
  const marker = Marker.decode(parseJson(readFileSync(paths.marker, "utf8")));
  if (E.isLeft(marker))
    throw new StartError(
      `${paths.marker}: does not say that the platform made this folder: nothing in it was touched; ` +
        "name a new or an empty folder with --data",
    );
  if (marker.right.format > FORMAT)
    throw new StartError(
      `${paths.marker}: the folder has format ${marker.right.format}, made by a newer release; ` +
        `this one reads formats up to ${FORMAT}: name another folder with --data`,
    );
};

/** Refuses a link or a file where a folder of ours should be (or the reverse): it may lead out of the folder. */
const refuseOtherKinds = (paths: DataPaths): void => {
  for (const own of R.keys(OWN)) {
    const path = paths[own];
    const { kind } = OWN[own];
    const found = kindOf(path);
    if (found !== "nothing" && found !== kind)
      throw new StartError(
        `${path}: expected a ${kind}, found a ${found}, which the platform did not make: move it away`,
      );
  }
};

/** Deletes the platform's files below a folder, and folders left empty. Returns what it left alone. */
const removeOwn = (folder: string, holds: RegExp, below = ""): ReadonlyArray<string> =>
  readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      const left = removeOwn(folder, holds, path);
      if (left.length === 0) rmdirSync(join(folder, path));
      return left;
    }
    if (!entry.isFile() || !holds.test(path)) return [join(folder, path)];
    rmSync(join(folder, path));
    return [];
  });

/** Empties the folder, except for the marker and the lock. */
const removeAll = (paths: DataPaths): ReadonlyArray<string> =>
  R.keys(OWN).flatMap((name) => {
    const own = OWN[name];
    const path = paths[name];
    if (name === "marker" || name === "lock" || !existsSync(path)) return [];
    if (own.kind === "folder") return removeOwn(path, own.holds);
    rmSync(path);
    return [];
  });

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

const usable = <A>(data: string, use: () => A): A => {
  const used = E.tryCatch(use, (error) =>
    error instanceof StartError
      ? error
      : new StartError(`${data}: the data folder cannot be used: ${reason(error)}`),
  );
  if (E.isLeft(used)) throw used.left;
  return used.right;
};

/**
 * Opens a data folder, made if it is not there.
 * @param fresh empty it first: of what the platform made, and of nothing else
 * @param stack what is run, to be read by a person in the marker
 */
export const openDataFolder = async (data: string, fresh: boolean, stack: string) => {
  const paths = inDataFolder(data);
  usable(data, () => {
    // Node loops for ever where a parent exists and still nothing can be made in it, as in /proc.
    if (!existsSync(data)) mkdirSync(data, { recursive: !existsSync(dirname(data)) });
    const names = readdirSync(data);
    refuseForeign(data, paths, names);
    refuseOtherKinds(paths);
    if (!names.includes(OWN.marker.name))
      writeFileSync(
        paths.marker,
        `${JSON.stringify({ made_by: "orders-platform", format: FORMAT, stack, made_at: new Date().toISOString() })}\n`,
      );
  });
  const level = await lock(data, paths.lock);
  try {
    // What `--fresh` found among the platform's files and left alone, because the platform did not make it.
    const leftAlone = usable(data, () => {
      // Fails where nothing can be written, before anything is started.
      writeFileSync(paths.probe, "");
      rmSync(paths.probe);
      return fresh ? removeAll(paths) : [];
    });
    return { paths, leftAlone, release: () => level.close() };
  } catch (error) {
    await level.close();
    throw error;
  }
};
