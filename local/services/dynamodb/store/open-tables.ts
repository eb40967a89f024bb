/** Opens the table database: checked first, mended where that loses nothing, recovered where that is asked for. */
import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { ClassicLevel } from "classic-level";
import * as E from "fp-ts/Either";
import * as O from "fp-ts/Option";
import { DamagedError, messageOf, StartError } from "../../../start-error";
import { TALLY, type Tally, EMPTY, type Note, noteTally, readNote, tableOf } from "./tally";
import { damage, tableFaults } from "./check";
import { checkedJson } from "./checked-json";
import { indexWrites } from "./index-entries";
import { damagedFiles, readChanges } from "./leveldb-files";
import { entries, scan, type Scan } from "./scan";
import { snapshot } from "./snapshot";

export type TableFolders = {
  readonly folder: string;
  /** The file of the tally, beside the database. */
  readonly written: string;
  /** Where the database is kept as it was, while it is being checked. */
  readonly before: string;
  /** Where what is damaged is kept before a recovery. */
  readonly damaged: string;
};

type Say = (line: string) => void;

const WRITTEN_AT_ONCE = 1_000;

/** What the operating system refuses says nothing about the data. */
const REFUSED = /No space left|Permission denied|Read-only file system|File too large|Too many open files/i;

const failed = (folder: string, error: unknown): StartError => {
  if (error instanceof StartError) return error;
  const cause = messageOf(error instanceof Error ? (error.cause ?? error) : error);
  return REFUSED.test(cause)
    ? new StartError(`${folder}: ${cause}`)
    : new DamagedError(`${folder}: ${cause}`);
};

const opened = async <A>(folder: string, use: (level: ClassicLevel) => Promise<A>): Promise<A> => {
  const level = new ClassicLevel(folder);
  try {
    await level.open();
    return await use(level);
  } catch (error) {
    throw failed(folder, error);
  } finally {
    await level.close();
  }
};

const writer = (level: ClassicLevel) => {
  let waiting: Array<{ type: "put"; key: string; value: string } | { type: "del"; key: string }> = [];
  const flush = async (): Promise<void> => {
    const some = waiting;
    waiting = [];
    await level.batch(some);
  };
  return {
    flush,
    put: async (key: string, value: unknown): Promise<void> => {
      waiting.push({ type: "put", key, value: checkedJson.encode(value) });
      if (waiting.length >= WRITTEN_AT_ONCE) await flush();
    },
    del: async (key: string): Promise<void> => {
      waiting.push({ type: "del", key });
      if (waiting.length >= WRITTEN_AT_ONCE) await flush();
    },
  };
};

/**
 * Writes indexes again from their items, in tables that `which` names, and every entry with its checksum.
 * If interrupted, the next start begins again: the tally is written last.
 */
const rewrite = async (
  level: ClassicLevel,
  found: Scan,
  which: (table: string) => boolean,
  tally: Tally,
): Promise<void> => {
  const write = writer(level);
  for await (const [key] of entries(level, { gte: "index-", lt: "index-\uffff" }))
    if (which(key.split("~")[1] ?? "")) await write.del(key);
  await write.flush();
  for await (const [key, stored] of entries(level)) {
    const at = stored.lastIndexOf("\t");
    const value: unknown = JSON.parse(at === -1 ? stored : stored.slice(0, at));
    if (at === -1 && !key.startsWith("index-")) await write.put(key, value);
    const name = tableOf(key);
    const table = name === undefined || !which(name) ? undefined : found.definitions.get(name);
    if (table !== undefined)
      for (const entry of indexWrites(table, undefined, value as never))
        if (entry.type === "put") await write.put(entry.key, entry.value);
  }
  await write.put(TALLY, tally);
  await write.flush();
};

const tallyOf = (found: Scan, written: number): Tally => ({
  written,
  tables: Object.fromEntries(found.tables),
});

/** A database of the newest value of each key that stands whole in another's files. */
const salvage = async (from: string, folder: string): Promise<void> => {
  rmSync(folder, { recursive: true, force: true });
  const newest = new Map<string, number>();
  readChanges(from, ({ key, sequence }) => {
    if (sequence >= (newest.get(key) ?? 0)) newest.set(key, sequence);
  });
  await opened(folder, async (level) => {
    let waiting: Array<{ type: "put"; key: string; value: string }> = [];
    const writes: Array<Promise<void>> = [];
    const write = (): void => {
      if (waiting.length > 0) writes.push(level.batch(waiting));
      waiting = [];
    };
    readChanges(from, ({ key, sequence, value }) => {
      if (value !== undefined && newest.get(key) === sequence) waiting.push({ type: "put", key, value });
      if (waiting.length >= WRITTEN_AT_ONCE) write();
    });
    write();
    await Promise.all(writes);
  });
};

/** Keeps what is intact, and lists what is lost. */
const recover = async (
  from: string,
  folder: string,
  noted: Tally,
  progress: (entries: number) => void,
  say: Say,
): Promise<Tally> => {
  await salvage(from, folder);
  return opened(folder, async (level) => {
    const found = await scan(level, progress);
    const kept = found.tally ?? EMPTY;
    const faults = tableFaults(kept.written > noted.written ? kept : noted, found);
    const write = writer(level);
    for (const key of found.unreadable) await write.del(key);
    await write.flush();
    const tally = tallyOf(found, Math.max(kept.written, noted.written) + 1);
    await rewrite(level, found, () => true, tally);
    for (const fault of faults) say(`not recovered: ${fault}`);
    for (const [name, { items }] of found.tables) say(`recovered: table ${name}: ${items} items`);
    return tally;
  });
};

/**
 * Checks the database, and repairs what can be repaired without loss. A refused start leaves it as it was.
 * @returns what the tables hold, and how it is noted from here on
 */
export const openTables = async (
  { folder, written, before, damaged }: TableFolders,
  recovering: boolean,
  say: Say,
): Promise<{ readonly tally: Tally; readonly note: Note }> => {
  const progress = (count: number): void => say(`${folder}: checking, ${count} entries so far`);
  const note = readNote(written);
  const noted = E.isRight(note) ? note.right : O.none;
  const kept = snapshot(folder, before);
  const check = (): Promise<Tally> => {
    // Before LevelDB opens it: LevelDB alters or drops what is damaged.
    const files = existsSync(folder) ? damagedFiles(folder) : [];
    if (files.length > 0) return Promise.reject(new DamagedError(`${folder}: ${files.join("; ")}`));
    return opened(folder, async (level) => {
      const found = await scan(level, progress);
      const faults = [...(E.isLeft(note) ? [note.left] : []), ...damage(found, noted)];
      if (faults.length > 0) throw new DamagedError(`${folder}: ${faults.join("; ")}`);
      const tally = found.tally ?? tallyOf(found, 0);
      if (found.unchecked || found.wrongIndexes.size > 0)
        await rewrite(level, found, (name) => found.unchecked || found.wrongIndexes.has(name), tally);
      for (const name of found.unchecked ? [] : found.wrongIndexes)
        say(`${folder}: the indexes of table ${name} were not those of its items: written again`);
      return tally;
    });
  };
  const tally = await check().catch((error: unknown) => {
    if (!(error instanceof DamagedError) || !recovering) {
      kept.restore();
      throw error;
    }
    const aside = join(damaged, new Date().toISOString().replaceAll(":", "-"), basename(folder));
    kept.setAside(aside);
    say(`${folder}: damaged; kept as it was in ${aside}`);
    return recover(aside, folder, O.getOrElse(() => EMPTY)(noted), progress, say);
  });
  kept.forget();
  const keep = noteTally(written);
  keep(tally);
  return { tally, note: keep };
};
