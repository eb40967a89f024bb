import { watch } from "node:fs";
import { join } from "node:path";

/** The longest wait, where nothing is written or the system reports no change. */
const PATIENCE_MS = 2_000;

/** Waits until the tables have been written so many times. */
export const someWrites = (data: string, count: number): Promise<void> =>
  new Promise((resolve) => {
    let seen = 0;
    const done = (): void => {
      clearTimeout(giveUp);
      watcher.close();
      resolve();
    };
    const watcher = watch(join(data, "dynamodb"), (_, name) => {
      seen += name?.endsWith(".log") === true ? 1 : 0;
      if (seen >= count) done();
    });
    const giveUp = setTimeout(done, PATIENCE_MS);
  });
