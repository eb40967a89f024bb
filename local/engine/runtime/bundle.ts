import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as E from "fp-ts/Either";
import { unzipSync } from "fflate";
import { messageOf, StartError } from "../../start-error";

/**
 * Unpacks a function's declared zip: what runs is what would be deployed. Each content has a folder of its own,
 * which appears whole or not at all.
 */
export const unpack = (address: string, zip: string, bundles: string): string => {
  const content = E.tryCatch(() => readFileSync(zip), messageOf);
  if (E.isLeft(content)) throw new StartError(`${address}: filename: ${content.left}`);
  const folder = join(bundles, createHash("sha256").update(content.right).digest("hex").slice(0, 20));
  if (existsSync(folder)) return folder;
  const files = E.tryCatch(() => unzipSync(content.right), messageOf);
  if (E.isLeft(files)) throw new StartError(`${address}: filename: ${zip} is not a zip: ${files.left}`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  for (const [name, bytes] of Object.entries(files.right)) {
    const path = join(unfinished, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  renameSync(unfinished, folder);
  return folder;
};
