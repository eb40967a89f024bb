import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";
import * as E from "fp-ts/Either";
import { type AsyncFlateStreamHandler, Unzip, type UnzipDecoder, UnzipPassThrough } from "fflate";
import { messageOf, StartError } from "../../start-error";

type Files = Readonly<Record<string, Uint8Array>>;

const BUILD_AGAIN = "build it again: npm run build";

/** Node's own, which inflates several times as fast as JavaScript does. */
class Inflate implements UnzipDecoder {
  static compression = 8;
  ondata: AsyncFlateStreamHandler = () => undefined;
  push(chunk: Uint8Array, final: boolean): void {
    this.ondata(null, inflateRawSync(chunk), final);
  }
}

/** What a zip that is whole in memory holds; throws where it is none. */
const unzipped = (zip: Uint8Array): Files => {
  const files: Record<string, Uint8Array> = {};
  const unzip = new Unzip((file) => {
    file.ondata = (error, content) => {
      if (error !== null) throw error;
      files[file.name] = content;
    };
    file.start();
  });
  unzip.register(UnzipPassThrough);
  unzip.register(Inflate);
  unzip.push(zip, true);
  return files;
};

const isUnpacked = (folder: string, files: Files): boolean =>
  Object.entries(files).every(([name, bytes]) => {
    const path = join(folder, name);
    return existsSync(path) && readFileSync(path).equals(bytes);
  });

/**
 * Unpacks a function's declared zip: what runs is what would be deployed. Each content has a folder of its own,
 * which appears whole or not at all; one that was changed since is unpacked again.
 * @param digest what the stack says the zip is (`source_code_hash`)
 */
export const unpack = (address: string, zip: string, digest: string | undefined, bundles: string): string => {
  const content = E.tryCatch(() => readFileSync(zip), messageOf);
  if (E.isLeft(content)) throw new StartError(`${address}: filename: ${content.left}`);
  const sha256 = createHash("sha256").update(content.right).digest();
  if (digest !== undefined && digest !== sha256.toString("base64"))
    throw new StartError(
      `${address}: filename: ${zip} is not the bundle that source_code_hash names: ${BUILD_AGAIN}`,
    );
  const files = E.tryCatch((): Files => unzipped(content.right), messageOf);
  if (E.isLeft(files) || Object.keys(files.right).length === 0)
    throw new StartError(`${address}: filename: ${zip} is no zip with a function in it: ${BUILD_AGAIN}`);
  const folder = join(bundles, sha256.toString("hex").slice(0, 20));
  if (isUnpacked(folder, files.right)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  for (const [name, bytes] of Object.entries(files.right)) {
    const path = join(unfinished, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
};
