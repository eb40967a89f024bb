/** The folder of a stack as the archive HCP Terraform takes: a gzipped tar that honours `.terraformignore`. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, Stats } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import * as TE from "fp-ts/TaskEither";
import ignore from "ignore";
import { create } from "tar";
import type { HcpError } from "./errors";

/** What Terraform itself leaves out, unless the file says otherwise. */
const ALWAYS_IGNORED = [".git/", ".terraform/*", "!.terraform/modules/"];

export type Archive = { readonly bytes: Uint8Array<ArrayBuffer>; readonly digest: string };

const pack = async (folder: string): Promise<Archive> => {
  const file = join(folder, ".terraformignore");
  const ignored = ignore()
    .add(ALWAYS_IGNORED)
    .add(existsSync(file) ? readFileSync(file, "utf8") : "");
  const isKept = (path: string, entry: object): boolean => {
    const relative = path.replace(/^\.\/?/, "");
    const isFolder = entry instanceof Stats && entry.isDirectory();
    return relative === "" || !ignored.ignores(isFolder ? `${relative}/` : relative);
  };
  const stream = create({ cwd: folder, gzip: true, portable: true, noMtime: true, filter: isKept }, ["."]);
  const bytes = new Uint8Array(await buffer(stream));
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, "cdk.tf.json")))
    .digest("hex");
  return { bytes, digest };
};

/**
 * @param folder what cdktf synthesized for one environment
 * @returns the archive, and the SHA-256 of the stack's JSON, in hexadecimal
 */
export const archiveOf = (folder: string, environment: string): TE.TaskEither<HcpError, Archive> =>
  existsSync(join(folder, "cdk.tf.json"))
    ? TE.tryCatch(
        () => pack(folder),
        (error): HcpError => ({
          _tag: "Usage",
          message: `${folder}: cannot be packed: ${error instanceof Error ? error.message : String(error)}`,
        }),
      )
    : TE.left({
        _tag: "Usage",
        message: `${folder}: there is no synthesized stack; make it with: npm run synth -- --environment ${environment}`,
      });
