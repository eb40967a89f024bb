import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";
import type { Headers } from "../../engine/gateway/call";
import { AwsError } from "../../engine/gateway/errors";

/** What S3 checks a body against before it keeps it, and how it refuses one that is not what its sender meant. */

type Digest = { readonly bytes: number; readonly of: (body: Buffer) => Buffer | Promise<Uint8Array> };

const hash = (algorithm: string, bytes: number): Digest => ({
  bytes,
  of: (body) => createHash(algorithm).update(body).digest(),
});

const crc = (
  bytes: number,
  make: () => { update: (data: Uint8Array) => void; digest: () => Promise<Uint8Array> },
) => ({
  bytes,
  of: (body: Buffer): Promise<Uint8Array> => {
    const checksum = make();
    checksum.update(body);
    return checksum.digest();
  },
});

const crc32Of = (body: Buffer): Buffer => {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(body));
  return digest;
};

const CHECKSUMS = new Map<string, Digest>([
  ["CRC32", { bytes: 4, of: crc32Of }],
  ["CRC32C", crc(4, () => new Crc32c())],
  ["CRC64NVME", crc(8, () => new Crc64Nvme())],
  ["SHA1", hash("sha1", 20)],
  ["SHA256", hash("sha256", 32)],
]);
const MD5 = hash("md5", 16);

/** Base64 of so many bytes, written as Base64 is. */
const decoded = (text: string, bytes: number): Buffer | undefined => {
  const value = Buffer.from(text, "base64");
  return value.length === bytes && value.toString("base64") === text ? value : undefined;
};

const PREFIX = "x-amz-checksum-";

/** The checksums a request states: its `x-amz-checksum-` headers that name an algorithm. */
const stated = (headers: Headers): ReadonlyArray<readonly [algorithm: string, value: string]> =>
  Object.entries(headers)
    .map(
      ([name, value]) =>
        [name.startsWith(PREFIX) ? name.slice(PREFIX.length).toUpperCase() : "", value] as const,
    )
    .filter(([algorithm]) => CHECKSUMS.has(algorithm));

/** Throws what S3 answers to a body that does not have the MD5 or the checksum that its request states. */
export const checkBody = async (headers: Headers, body: Buffer): Promise<void> => {
  const md5 = headers["content-md5"];
  if (md5 !== undefined) {
    const expected = decoded(md5, MD5.bytes);
    if (expected === undefined)
      throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.");
    if (!expected.equals(await MD5.of(body)))
      throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const [first, ...more] = stated(headers);
  if (first === undefined) return;
  if (more.length > 0)
    throw new AwsError(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  const [algorithm, value] = first;
  const digest = CHECKSUMS.get(algorithm);
  const expected = digest === undefined ? undefined : decoded(value, digest.bytes);
  if (digest === undefined || expected === undefined)
    throw new AwsError("InvalidRequest", `Value for ${PREFIX}${algorithm.toLowerCase()} header is invalid.`);
  if (!expected.equals(await digest.of(body)))
    throw new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
};
