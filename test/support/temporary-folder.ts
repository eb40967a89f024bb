import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for a test; the environment of the test file removes it. */
export const temporaryFolder = (name = "orders"): string => mkdtempSync(join(tmpdir(), `${name}-`));
