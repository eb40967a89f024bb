import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Sha256 } from "@aws-crypto/sha256-js";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import { newFolder, type Resources } from "../../../platform/support/fixture";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";

/** S3 as any client meets it: the SDK for JavaScript, and requests as boto3 and the AWS CLI put them on the wire. */

const BUCKET = "archive";
const resources: ReadonlyArray<Resources> = [{ aws_s3_bucket: { archive: { bucket: BUCKET } } }];
const data = newFolder();

let stack: RunningStack;
let s3: S3Client;
const start = async (): Promise<void> => {
  stack = await runStack(resources, { data });
  s3 = new S3Client({ ...stack.client, forcePathStyle: true });
};
beforeAll(start);
afterAll(async () => {
  await stack.stop();
});

const put = (Key: string, Body: string | Uint8Array = Key, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
const get = async (Key: string): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body?.transformToString();
const keys = async (Prefix: string, MaxKeys = 1_000): Promise<ReadonlyArray<string | undefined>> => {
  const found: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: BUCKET,
        Prefix,
        MaxKeys,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      }),
    );
    found.push(...(page.Contents ?? []).map(({ Key }) => Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
};

/** A signed PUT with exactly these headers, as a client makes it that computes nothing by itself. */
const putRaw = async (key: string, body: Buffer, headers: Readonly<Record<string, string>>) => {
  const url = new URL(`${stack.awsUrl}/${BUCKET}/${key}`);
  const signer = new SignatureV4({
    service: "s3",
    region: stack.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const signed = await signer.sign({
    method: "PUT",
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    headers: { host: url.host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...headers },
    body,
  });
  const answer = await fetch(url, { method: "PUT", headers: signed.headers, body: new Uint8Array(body) });
  return { status: answer.status, code: /<Code>([^<]*)/.exec(await answer.text())?.[1] };
};

describe("an object", () => {
  it("may be empty, however it is sent", async () => {
    await put("empty", "");
    expect(await get("empty")).toBe("");
    expect(await putRaw("empty-raw", Buffer.alloc(0), {})).toEqual({ status: 200, code: undefined });
    expect(
      await putRaw("empty-form", Buffer.alloc(0), { "content-type": "application/x-www-form-urlencoded" }),
    ).toEqual({
      status: 200,
      code: undefined,
    });
    expect(await get("empty-form")).toBe("");
  });

  it.each([
    "application/x-www-form-urlencoded",
    "application/json",
    "application/x-amz-json-1.0",
    "text/plain",
  ])("may be of type %s and keeps it", async (ContentType) => {
    await put("typed", "Action=Publish&a=b", { ContentType });
    expect(await get("typed")).toBe("Action=Publish&a=b");
    expect((await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "typed" }))).ContentType).toBe(
      ContentType,
    );
  });

  it("may be larger than any other service's request, up to 100 MiB at once", async () => {
    const body = Buffer.alloc(40 * 1024 * 1024, "large ");
    const { ETag } = await put("large", body);
    expect(ETag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
    expect((await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "large" }))).ContentLength).toBe(
      body.length,
    );
    await expect(put("larger", Buffer.alloc(101 * 1024 * 1024))).rejects.toMatchObject({
      name: "EntityTooLarge",
    });
  });

  it("may come in parts, with a checksum of the whole", async () => {
    const of = { Bucket: BUCKET, Key: "in parts" };
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...of, ContentType: "application/x-www-form-urlencoded" }),
    );
    const part = Buffer.alloc(5 * 1024 * 1024, "p");
    const { ETag } = await s3.send(new UploadPartCommand({ ...of, UploadId, PartNumber: 1, Body: part }));
    await s3.send(
      new CompleteMultipartUploadCommand({
        ...of,
        UploadId,
        MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
      }),
    );
    expect((await get("in parts"))?.length).toBe(part.length);
  });
});

const LONG = "k".repeat(1_024);
const AWKWARD = [
  LONG,
  "é".repeat(512),
  `deep/${"x".repeat(250)}/${"y".repeat(250)}`,
  "s/a",
  "s//a",
  "s/a/",
  "s/a.data/b",
  "s/a.meta.json/b",
  "s/%hashed/a",
  "s/./a",
  "s/b/../a",
  "s/../../../../a",
  "s/a b?c&d=e#f\"g'h*i:j|k<l>",
];

describe("a key", () => {
  it("may be anything up to 1,024 bytes, and none is taken for another, after a restart either", async () => {
    for (const key of AWKWARD) await put(key);
    const all = async () => Promise.all(AWKWARD.map(get));
    expect(await all()).toEqual(AWKWARD);
    await stack.stop();
    await start();
    expect(await all()).toEqual(AWKWARD);
    expect(await keys("s/")).toEqual(AWKWARD.filter((key) => key.startsWith("s/")).sort());
    await s3.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: "s//a" }, { Key: LONG }] } }),
    );
    expect(await get("s/a")).toBe("s/a");
    await expect(get("s//a")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(get(LONG)).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("of more than 1,024 bytes is refused", async () => {
    await expect(put(`${LONG}k`)).rejects.toMatchObject({ name: "KeyTooLongError" });
  });

  it("is in a list once, whatever the size of its pages and the letters it is written in", async () => {
    const listed = ["l/B", "l/Z", "l/a", "l/z", "l/ä", "l/É"];
    for (const key of listed) await put(key);
    expect(await keys("l/", 1)).toEqual([...listed].sort());
  });
});

describe("a body that is not what its sender says", () => {
  const body = Buffer.from("body");
  const base64 = (algorithm: string, content: string): string =>
    createHash(algorithm).update(content).digest("base64");
  const crcOf = (content: string): string => {
    const digest = Buffer.alloc(4);
    digest.writeUInt32BE(crc32(content));
    return digest.toString("base64");
  };
  const hex = (content: string): string => createHash("sha256").update(content).digest("hex");

  it.each([
    ["SHA-256 of the payload", { "x-amz-content-sha256": hex("other") }, "XAmzContentSHA256Mismatch"],
    ["MD5", { "content-md5": base64("md5", "other") }, "BadDigest"],
    ["MD5 that is none", { "content-md5": "AAAA" }, "InvalidDigest"],
    ["CRC32", { "x-amz-checksum-crc32": crcOf("other") }, "BadDigest"],
    ["CRC32C", { "x-amz-checksum-crc32c": crcOf("other") }, "BadDigest"],
    ["CRC64NVME", { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" }, "BadDigest"],
    ["SHA-1", { "x-amz-checksum-sha1": base64("sha1", "other") }, "BadDigest"],
    ["SHA-256", { "x-amz-checksum-sha256": base64("sha256", "other") }, "BadDigest"],
    ["CRC32 that is none", { "x-amz-checksum-crc32": "no" }, "InvalidRequest"],
    [
      "two checksums",
      { "x-amz-checksum-crc32": crcOf("body"), "x-amz-checksum-sha1": base64("sha1", "body") },
      "InvalidRequest",
    ],
  ])("by its %s is refused, and not kept", async (_, headers, code) => {
    expect(await putRaw("checked", body, headers)).toEqual({ status: 400, code });
    await expect(get("checked")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it.each([
    { "x-amz-content-sha256": hex("body") },
    { "content-md5": base64("md5", "body") },
    { "x-amz-checksum-crc32": crcOf("body") },
    { "x-amz-checksum-sha256": base64("sha256", "body") },
  ])("is kept where it is: %o", async (headers) => {
    expect(await putRaw("right", body, headers)).toEqual({ status: 200, code: undefined });
    expect(await get("right")).toBe("body");
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "is kept with the SDK's %s",
    async (ChecksumAlgorithm) => {
      await put("of the SDK", "body", { ChecksumAlgorithm });
      expect(await get("of the SDK")).toBe("body");
    },
  );

  const chunked = (trailer: string, length = 4) =>
    [
      Buffer.from(`4\r\nbody\r\n0\r\n${trailer}\r\n\r\n`),
      {
        "content-encoding": "aws-chunked",
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": String(length),
        "x-amz-trailer": "x-amz-checksum-crc32",
      },
    ] as const;
  it("by a checksum that comes after it is refused too", async () => {
    expect(await putRaw("trailed", ...chunked(`x-amz-checksum-crc32:${crcOf("other")}`))).toEqual({
      status: 400,
      code: "BadDigest",
    });
    expect(await putRaw("trailed", ...chunked(`x-amz-checksum-crc32:${crcOf("body")}`, 5))).toEqual({
      status: 400,
      code: "IncompleteBody",
    });
    expect((await putRaw("trailed", ...chunked(`x-amz-checksum-crc32:${crcOf("body")}`))).status).toBe(200);
    expect(await get("trailed")).toBe("body");
  });
});
