import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * LevelDB changes its folder whenever it opens it, and drops what it cannot read. It writes no file twice, so that
 * links are a copy; where the file system has no links, files are copied.
 */
const copyOf = (folder: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      linkSync(join(folder, entry.name), join(to, entry.name));
    } catch {
      cpSync(join(folder, entry.name), join(to, entry.name));
    }
  }
};

/** Keeps a copy of a database's folder until it is known to be intact. */
export const snapshot = (folder: string, before: string) => {
  const restore = (): void => {
    if (!existsSync(before)) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(before, folder);
  };
  // A start that was cut off left it.
  restore();
  if (existsSync(folder)) copyOf(folder, before);
  return {
    /** Puts everything back as it was. */
    restore,
    /** The folder is intact: the copy goes. */
    forget: (): void => rmSync(before, { recursive: true, force: true }),
    /** Puts everything back, and keeps a copy. */
    setAside: (aside: string): void => {
      restore();
      mkdirSync(dirname(aside), { recursive: true });
      if (existsSync(folder)) copyOf(folder, aside);
    },
  };
};
