import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Where fauxqs keeps an object: in files named after its key, which a file system takes up to 255 bytes a name,
 * with `a//b` in the place of `a/b` and no room for `a.data/b` beside `a`. A key that makes no good file name is
 * kept under its hash instead. What is in the files is fauxqs's own, so that it reads them all at its start.
 */

type StoredObject = { readonly key: string; readonly body: Buffer };

/** The parts of fauxqs's own store of files that these methods work with. */
type ObjectFiles = {
  readonly bucketsDir: string;
  readonly cleanEmptyParents: (folder: string, upTo: string) => void;
};

const LONGEST_NAME_BYTES = 200;
const LONGEST_PATH_BYTES = 2_000;
/** No encoded key begins so: a percent sign in a key is itself encoded. */
const HASHED = "%hashed";

// eslint-disable-next-line no-control-regex
const UNSAFE = /[<>:"|?*\\%\u0000-\u001f]/g;
const encode = (key: string): string =>
  key.replace(UNSAFE, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** `.` and `..` would lead to another object's files, or out of the bucket's folder. */
const isName = (name: string): boolean =>
  !["", ".", ".."].includes(name) && Buffer.byteLength(name) <= LONGEST_NAME_BYTES;
const isFolder = (name: string): boolean => isName(name) && !/\.(data|meta\.json)$/.test(name);

/** The path of an object's files below its bucket's, without their endings. */
const pathOf = (key: string): string => {
  const names = encode(key).split("/");
  const good =
    names.every((name, index) => (index === names.length - 1 ? isName(name) : isFolder(name))) &&
    Buffer.byteLength(names.join("/")) <= LONGEST_PATH_BYTES;
  if (good) return join(...names);
  const hash = createHash("sha256").update(key).digest("hex");
  return join(HASHED, hash.slice(0, 2), hash);
};

/**
 * Replaces an object whole, content and description. A kill in between leaves files whose names end in
 * `.unfinished`: what is there of both is dropped, a description alone is the rest of an object, and is finished.
 */
const replace = (path: string, content: Buffer, description: string): void => {
  writeFileSync(`${path}.data.unfinished`, content);
  writeFileSync(`${path}.meta.json.unfinished`, description);
  renameSync(`${path}.data.unfinished`, `${path}.data`);
  renameSync(`${path}.meta.json.unfinished`, `${path}.meta.json`);
};

const objectsOf = (files: ObjectFiles, bucket: string): string => join(files.bucketsDir, bucket, "objects");

const upsert = (files: ObjectFiles, bucket: string, { body, ...meta }: StoredObject): void => {
  const path = join(objectsOf(files, bucket), pathOf(meta.key));
  mkdirSync(dirname(path), { recursive: true });
  replace(path, body, JSON.stringify(meta));
};

const remove = (files: ObjectFiles, bucket: string, key: string): void => {
  const objects = objectsOf(files, bucket);
  const path = join(objects, pathOf(key));
  for (const ending of [".meta.json", ".data"]) rmSync(`${path}${ending}`, { force: true });
  files.cleanEmptyParents(dirname(path), objects);
};

/** An object of an earlier release may lie where its key alone would have it. */
const read = (files: ObjectFiles, bucket: string, key: string): Buffer => {
  const objects = objectsOf(files, bucket);
  const path = join(objects, `${pathOf(key)}.data`);
  return readFileSync(existsSync(path) ? path : join(objects, `${encode(key)}.data`));
};

/** Takes the place of the methods of fauxqs's store which name files. */
export const objectFiles = {
  upsertObject(this: ObjectFiles, bucket: string, object: StoredObject): void {
    upsert(this, bucket, object);
  },
  deleteObject(this: ObjectFiles, bucket: string, key: string): void {
    remove(this, bucket, key);
  },
  readBody(this: ObjectFiles, bucket: string, key: string): Buffer {
    return read(this, bucket, key);
  },
};
