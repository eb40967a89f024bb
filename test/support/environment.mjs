import process from "node:process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestEnvironment } from "jest-environment-node";

// That Node's SQLite is experimental is no news of a test's.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.stack}\n`);
});

/** Each test file has a temporary folder of its own, which goes with it: after its last hook, and however it ended. */
export default class extends TestEnvironment {
  constructor(...args) {
    const before = process.env.TMPDIR;
    const folder = mkdtempSync(join(tmpdir(), "orders-"));
    process.env.TMPDIR = folder;
    super(...args);
    this.end = () => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    };
  }

  async teardown() {
    await super.teardown();
    this.end();
  }
}
