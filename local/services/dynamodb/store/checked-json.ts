import { crc32 } from "node:zlib";

const SUM = /\t([0-9a-f]{8})$/;

const sumOf = (text: string): string => crc32(text).toString(16).padStart(8, "0");

/**
 * JSON followed by its checksum (a JSON text holds no bare tab): what was damaged on the disk is an error when
 * it is read, and never another value. LevelDB has checksums of its own, but looks at them nowhere when it reads.
 */
export const checkedJson = {
  name: "checked-json",
  format: "utf8" as const,
  encode: (value: unknown): string => {
    const text = JSON.stringify(value);
    return `${text}\t${sumOf(text)}`;
  },
  decode: (stored: string): unknown => {
    const sum = SUM.exec(stored);
    const text = stored.slice(0, sum?.index);
    if (sum?.[1] !== sumOf(text)) throw new Error("it is not as it was written");
    return JSON.parse(text);
  },
};
