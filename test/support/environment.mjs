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

/** What is set for the machine, for jest and for these tests alone; of all else, a test sets what it needs. */
const KEPT =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_.*|TZ|TMPDIR|NODE_.*|JEST_.*|(HTTPS?|NO)_PROXY|PYENV_.*|PIP_.*|SSL_CERT_.*|.*_CA_BUNDLE|npm_config_(cache|registry)|TF_CLI_CONFIG_FILE|CHECKPOINT_DISABLE|CHROMIUM|ORDERS_PYTHON|ORDERS_TF_PLUGIN_DIR)$/i;

// No test depends on whose terminal, editor, CI or cloud account it is run from.
for (const name of Object.keys(process.env)) if (!KEPT.test(name)) Reflect.deleteProperty(process.env, name);

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
