/**
 * Reads LevelDB's files by themselves. LevelDB has checksums in all of them, but our binding does not let it look
 * at them in table files, and of a log it passes over what does not match; its own repair takes over what is
 * damaged, or aborts the process. Formats: doc/table_format.md and doc/log_format.md of LevelDB.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { Cursor, maskedCrc, unsnappy } from "./leveldb-bytes";

/** One change of one key; the one with the highest sequence counts. */
type Change = {
  readonly sequence: number;
  readonly key: string;
  /** None: the key was deleted. */
  readonly value: string | undefined;
};

type Visit = (change: Change) => void;

const PUT = 1;

const LOG_BLOCK = 32_768;
const LOG_HEADER = 7;

/** The complete records of a log, and whether anything before its end is damaged. */
const logRecords = (
  bytes: Buffer,
): { readonly records: ReadonlyArray<Buffer>; readonly damaged: boolean } => {
  const records: Buffer[] = [];
  let parts: Buffer[] | undefined;
  let damaged = false;
  for (let at = 0; at + LOG_HEADER <= bytes.length;) {
    const leftInBlock = LOG_BLOCK - (at % LOG_BLOCK);
    if (leftInBlock < LOG_HEADER) {
      at += leftInBlock;
      continue;
    }
    const end = at + LOG_HEADER + bytes.readUInt16LE(at + 4);
    const type = bytes.readUInt8(at + 6);
    // Cut off when the process ended; no write was confirmed.
    if (end > bytes.length && end - at <= leftInBlock) break;
    if (end - at > leftInBlock || maskedCrc(bytes.subarray(at + 6, end)) !== bytes.readUInt32LE(at)) {
      // The lengths are not to be trusted any more: go on with the next block, as LevelDB does.
      damaged = true;
      parts = undefined;
      at += leftInBlock;
      continue;
    }
    const part = bytes.subarray(at + LOG_HEADER, end);
    if (type === 1) records.push(part);
    if (type === 2) parts = [part];
    if (type === 3) parts?.push(part);
    if (type === 4 && parts !== undefined) records.push(Buffer.concat([...parts, part]));
    if (type === 1 || type === 4) parts = undefined;
    at = end;
  }
  return { records, damaged };
};

const changesOfBatch = (batch: Buffer, visit: Visit): void => {
  const cursor = new Cursor(batch);
  const first = Number(cursor.take(8).readBigUInt64LE());
  const count = cursor.take(4).readUInt32LE();
  for (let index = 0; index < count; index += 1) {
    const type = cursor.take(1).readUInt8();
    const key = cursor.taken().toString();
    visit({ sequence: first + index, key, value: type === PUT ? cursor.taken().toString() : undefined });
  }
};

const TRAILER = 5;
const FOOTER = 48;

const block = (bytes: Buffer, offset: number, size: number): Buffer => {
  const whole = bytes.subarray(offset, offset + size + 1);
  if (whole.length !== size + 1 || maskedCrc(whole) !== bytes.readUInt32LE(offset + size + 1))
    throw new RangeError("a block is not as it was written");
  const content = whole.subarray(0, size);
  return whole[size] === 1 ? unsnappy(content) : content;
};

const blockEntries = (content: Buffer): ReadonlyArray<readonly [Buffer, Buffer]> => {
  const restarts = content.readUInt32LE(content.length - 4);
  const cursor = new Cursor(content.subarray(0, content.length - 4 * (restarts + 1)));
  const entries: Array<readonly [Buffer, Buffer]> = [];
  let key = Buffer.alloc(0);
  while (cursor.left > 0) {
    const [shared, own, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    key = Buffer.concat([key.subarray(0, shared), cursor.take(own)]);
    entries.push([key, cursor.take(length)]);
  }
  return entries;
};

type Handle = { readonly offset: number; readonly size: number };

const handle = (cursor: Cursor): Handle => ({ offset: cursor.varint(), size: cursor.varint() });

/** Visits the entries of a table file's intact blocks; returns how many blocks are damaged. */
const changesOfTable = (bytes: Buffer, visit: Visit): number => {
  const index = E.tryCatch(() => {
    const footer = new Cursor(bytes.subarray(bytes.length - FOOTER));
    handle(footer);
    const { offset, size } = handle(footer);
    if (offset + size + TRAILER + FOOTER !== bytes.length)
      throw new RangeError("the footer is not as it was written");
    return blockEntries(block(bytes, offset, size)).map(([, value]) =>
      handle(new Cursor(Buffer.from(value))),
    );
  }, String);
  if (E.isLeft(index)) return 1;
  return index.right.filter(({ offset, size }) =>
    E.isLeft(
      E.tryCatch(() => {
        for (const [key, value] of blockEntries(block(bytes, offset, size))) {
          const tag = key.readBigUInt64LE(key.length - 8);
          visit({
            sequence: Number(tag >> 8n),
            key: key.subarray(0, -8).toString(),
            value: Number(tag & 0xffn) === PUT ? value.toString() : undefined,
          });
        }
      }, String),
    ),
  ).length;
};

const changesOfLog = (bytes: Buffer, visit: Visit): boolean => {
  const { records, damaged } = logRecords(bytes);
  const batches = E.tryCatch(() => records.forEach((record) => changesOfBatch(record, visit)), String);
  return !damaged && E.isRight(batches);
};

/** Visits every intact change in a database's files, including files it no longer uses. */
export const readChanges = (folder: string, visit: Visit): void => {
  for (const name of readdirSync(folder)) {
    if (/\.(ldb|sst)$/.test(name)) changesOfTable(readFileSync(join(folder, name)), visit);
    if (name.endsWith(".log")) changesOfLog(readFileSync(join(folder, name)), visit);
  }
};

type Live = { readonly tables: Set<number>; log: number };

/** One change of the manifest: which files are the database. */
const applyEdit = (edit: Buffer, live: Live): void => {
  const cursor = new Cursor(edit);
  while (cursor.left > 0) {
    const tag = cursor.varint();
    switch (tag) {
      case 1: // comparator
        cursor.taken();
        break;
      case 2:
        live.log = cursor.varint();
        break;
      case 3: // next file
      case 4: // last sequence
      case 9: // previous log
        cursor.varint();
        break;
      case 5: // compaction pointer
        cursor.varint();
        cursor.taken();
        break;
      case 6: // deleted file: its level and number
        cursor.varint();
        live.tables.delete(cursor.varint());
        break;
      case 7: // new file: its level, number, size, smallest and largest key
        cursor.varint();
        live.tables.add(cursor.varint());
        cursor.varint();
        cursor.taken();
        cursor.taken();
        break;
      default:
        throw new RangeError("an unknown change of the manifest");
    }
  }
};

const numberOf = (name: string): number => Number(/^(\d+)\./.exec(name)?.[1] ?? -1);

/**
 * The files of a database that are not as they were written. A file that the manifest does not name is none of
 * its: a kill leaves some half written.
 */
export const damagedFiles = (folder: string): ReadonlyArray<string> => {
  const names = readdirSync(folder);
  if (!names.some((name) => /\.(ldb|sst|log)$/.test(name))) return [];
  if (!names.includes("CURRENT")) return ["CURRENT is missing"];
  const manifest = readFileSync(join(folder, "CURRENT"), "utf8").trim();
  if (!names.includes(manifest)) return ["CURRENT names no manifest that is there"];
  const live: Live = { tables: new Set(), log: 0 };
  const { records, damaged } = logRecords(readFileSync(join(folder, manifest)));
  const edited = E.tryCatch(() => records.forEach((edit) => applyEdit(edit, live)), String);
  if (damaged || E.isLeft(edited)) return [`${manifest} is not as it was written`];
  const tables = names.filter((name) => /\.(ldb|sst)$/.test(name) && live.tables.has(numberOf(name)));
  const there = new Set(tables.map(numberOf));
  const whole = (name: string): boolean => {
    const bytes = readFileSync(join(folder, name));
    return name.endsWith(".log") ? changesOfLog(bytes, () => {}) : changesOfTable(bytes, () => {}) === 0;
  };
  return [
    ...[...live.tables]
      .filter((number) => !there.has(number))
      .map((number) => `${String(number).padStart(6, "0")}.ldb is missing`),
    ...[...tables, ...names.filter((name) => name.endsWith(".log") && numberOf(name) >= live.log)]
      .filter((name) => !whole(name))
      .map((name) => `${name} is not as it was written`),
  ];
};
