/** The files of the queues' and the buckets' server: what is checked when it starts and noted when it stops. */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { parseJson } from "../../json";
import { DamagedError, messageOf } from "../../start-error";

export type ServiceFolders = {
  readonly queues: string;
  readonly buckets: string;
  /** What was there at a clean stop; without this file, there was none. */
  readonly sealed: string;
  /** Where what is damaged is kept before a recovery. */
  readonly damaged: string;
};

const Seal = t.type({ queues: t.string, objects: t.number });
const Meta = t.type({ key: t.string, contentLength: t.number, etag: t.string });

const Bucket = t.type({ name: t.string, creationDate: t.string });

const md5 = (bytes: Uint8Array | string): string => createHash("md5").update(bytes).digest("hex");

const database = ({ queues }: ServiceFolders): string => join(queues, "fauxqs.db");

const filesBelow = (folder: string): ReadonlyArray<string> =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

const UNFINISHED = ".unfinished";
const META = ".meta.json";

/** Ends what a kill interrupted (see `../s3/files.ts`): an object is replaced whole, content and description. */
const finishObjects = (buckets: string): void => {
  const unfinished = filesBelow(buckets).filter((file) => file.endsWith(UNFINISHED));
  for (const file of unfinished.filter((one) => one.endsWith(`${META}${UNFINISHED}`))) {
    const data = `${file.slice(0, -`${META}${UNFINISHED}`.length)}.data${UNFINISHED}`;
    if (unfinished.includes(data)) rmSync(file);
    else renameSync(file, file.slice(0, -UNFINISHED.length));
  }
  for (const file of unfinished) rmSync(file, { force: true });
};

type Fault = { readonly file: string; readonly why: string; readonly aside: ReadonlyArray<string> };

const objectFault = (meta: string): ReadonlyArray<Fault> => {
  const data = `${meta.slice(0, -META.length)}.data`;
  const fault = (file: string, why: string): ReadonlyArray<Fault> => [
    { file, why, aside: [meta, data].filter((one) => existsSync(one)) },
  ];
  const described = Meta.decode(parseJson(readFileSync(meta, "utf8")));
  if (E.isLeft(described)) return fault(meta, "is not as it was written");
  if (!existsSync(data)) return fault(data, "is missing");
  const content = readFileSync(data);
  const { etag, contentLength } = described.right;
  const whole = content.length === contentLength && (etag.includes("-") || etag.includes(md5(content)));
  return whole ? [] : fault(data, "is not as it was written");
};

const objectFiles = (buckets: string): ReadonlyArray<string> =>
  filesBelow(join(buckets, "buckets")).filter((file) => file.endsWith(META));

const Check = t.type({ quick_check: t.string });
const Message = t.type({ message_id: t.string, body: t.string, md5_of_body: t.string });

/** What is wrong with the queues' database; its messages are known by their own digests. */
const queueFault = async (file: string): Promise<string | undefined> => {
  const { DatabaseSync } = await import("node:sqlite");
  try {
    const opened = new DatabaseSync(file);
    try {
      const [check] = opened.prepare("PRAGMA quick_check(1)").all();
      if (!Check.is(check) || check.quick_check !== "ok")
        return Check.is(check) ? check.quick_check : "unreadable";
      for (const row of opened.prepare("SELECT message_id, body, md5_of_body FROM sqs_messages").iterate())
        if (!Message.is(row) || md5(row.body) !== row.md5_of_body) return "a message is not as it was sent";
      return undefined;
    } finally {
      opened.close();
    }
  } catch (error) {
    return messageOf(error);
  }
};

const BUCKET = ".bucket.json";

const bucketFiles = (buckets: string): ReadonlyArray<string> =>
  filesBelow(join(buckets, "buckets")).filter((file) => basename(file) === BUCKET);

const bucketFault = (file: string): ReadonlyArray<Fault> =>
  Bucket.is(parseJson(readFileSync(file, "utf8")))
    ? []
    : [{ file, why: "is not as it was written", aside: [file] }];

/** A bucket is its name: what else describes it is made again. */
const describeBuckets = (buckets: string): void => {
  const folder = join(buckets, "buckets");
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const file = join(folder, name, BUCKET);
    const bucket = { name, creationDate: new Date().toISOString(), type: "general-purpose" };
    if (!existsSync(file)) writeFileSync(file, JSON.stringify(bucket));
  }
};

const readSeal = (file: string): E.Either<string, t.TypeOf<typeof Seal> | undefined> => {
  if (!existsSync(file)) return E.right(undefined);
  const seal = Seal.decode(parseJson(readFileSync(file, "utf8")));
  return E.isLeft(seal) ? E.left("is not as it was written") : E.right(seal.right);
};

const digest = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** After a clean stop the database is byte for byte what it was, and not one object is missing. */
const faultsOf = async (folders: ServiceFolders): Promise<ReadonlyArray<Fault>> => {
  const file = database(folders);
  const seal = readSeal(folders.sealed);
  if (E.isLeft(seal)) return [{ file: folders.sealed, why: seal.left, aside: [folders.sealed] }];
  const sealed = seal.right;
  const aside = [file, `${file}-wal`, `${file}-shm`].filter((one) => existsSync(one));
  const why = ((): string | undefined => {
    if (sealed === undefined) return undefined;
    if (!existsSync(file)) return "is missing";
    return digest(file) === sealed.queues ? undefined : "is not as it was when the platform stopped";
  })();
  const unsound = existsSync(file) ? await queueFault(file) : undefined;
  const queues = unsound ?? why;
  const metas = objectFiles(folders.buckets);
  const lost = (sealed?.objects ?? 0) - metas.length;
  return [
    ...(queues === undefined ? [] : [{ file, why: queues, aside: unsound === undefined ? [] : aside }]),
    ...bucketFiles(folders.buckets).flatMap(bucketFault),
    ...metas.flatMap(objectFault),
    ...(lost > 0
      ? [{ file: folders.buckets, why: `${lost} of ${sealed?.objects ?? 0} objects are missing`, aside: [] }]
      : []),
  ];
};

/** Moves files to the folder of what is damaged, where they keep their place. */
const moveAside = (data: string, aside: string, files: ReadonlyArray<string>): void => {
  for (const file of files) {
    const to = join(aside, relative(data, file));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(file, to);
    rmSync(file);
  }
};

/** Checks the files before they are served; `recover`: what is damaged is moved aside, and said. */
export const checkServices = async (
  folders: ServiceFolders,
  recover: boolean,
  say: (line: string) => void,
): Promise<void> => {
  finishObjects(folders.buckets);
  const faults = await faultsOf(folders);
  if (faults.length > 0 && !recover)
    throw new DamagedError(faults.map(({ file, why }) => `${file}: ${why}`).join("\n"));
  const aside = join(folders.damaged, new Date().toISOString().replaceAll(":", "-"));
  for (const { file, why, aside: files } of faults) {
    moveAside(dirname(folders.queues), aside, files);
    say(
      `not recovered: ${file}: ${why}${files.length === 0 ? "" : `; kept in ${basename(folders.damaged)}/${basename(aside)}`}`,
    );
  }
  if (recover) describeBuckets(folders.buckets);
  // From here on it is written to: until the next clean stop nothing is known for certain.
  rmSync(folders.sealed, { force: true });
};

/** Notes what there is when nothing writes any more. */
export const sealServices = (folders: ServiceFolders): void => {
  const seal = { queues: digest(database(folders)), objects: objectFiles(folders.buckets).length };
  writeFileSync(folders.sealed, JSON.stringify(seal));
};
