const LOOKED_AFTER_MS = 500;

/** npm passes a signal on to its shell alone, which ends without a word to what it runs: this ends with it. */
export const endWithShell = (): void => {
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, "SIGTERM");
  }, LOOKED_AFTER_MS).unref();
};
