import * as S3 from "@aws-sdk/client-s3";
import * as E from "fp-ts/Either";
import { readRequest } from "../../../platform/support/services";
import { capture, close, listen, REGION } from "../../engine/iam/capture";
import { ACCOUNT, read, sent } from "../../engine/iam/reading";

const Bucket = "archive";
const Key = "orders/dt=2026-01-01/é b.json";
const object = `arn:aws:s3:::archive/${Key}`;

let config: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  config = await listen();
});
afterAll(close);

const s3 = () => new S3.S3Client(config);

it("names the object by its own key, whatever its encoding on the wire", async () => {
  expect([
    await sent("s3", () => s3().send(new S3.PutObjectCommand({ Bucket, Key, Body: "x" }))),
    await sent("s3", () => s3().send(new S3.GetObjectCommand({ Bucket, Key }))),
    await sent("s3", () => s3().send(new S3.HeadObjectCommand({ Bucket, Key }))),
    await sent("s3", () => s3().send(new S3.DeleteObjectCommand({ Bucket, Key }))),
    await sent("s3", () => s3().send(new S3.DeleteObjectCommand({ Bucket, Key, VersionId: "1" }))),
    await sent("s3", () =>
      s3().send(new S3.UploadPartCommand({ Bucket, Key, PartNumber: 1, UploadId: "u", Body: "x" })),
    ),
  ]).toEqual([
    [`PutObject: s3:PutObject on ${object}`],
    [`GetObject: s3:GetObject on ${object}`],
    [`HeadObject: s3:GetObject on ${object}`],
    [`DeleteObject: s3:DeleteObject on ${object}`],
    [`DeleteObject: s3:DeleteObjectVersion on ${object}`],
    [`UploadPart: s3:PutObject on ${object}`],
  ]);
});

it("asks for the bucket to list it, with what is listed as context", async () => {
  const { payload, ...request } = await capture(
    s3().send(new S3.ListObjectsV2Command({ Bucket, Prefix: "orders/" })),
  );
  expect(readRequest("s3", { ...request, body: payload, region: REGION, account: ACCOUNT })).toEqual(
    E.right({
      operation: "ListObjectsV2",
      accesses: [
        { action: "s3:ListBucket", resource: "arn:aws:s3:::archive", context: { "s3:prefix": "orders/" } },
      ],
    }),
  );
  expect(await sent("s3", () => s3().send(new S3.HeadBucketCommand({ Bucket })))).toEqual([
    "HeadBucket: s3:ListBucket on arn:aws:s3:::archive",
  ]);
});

it("asks for everything a request does", async () => {
  const both = [{ Key: "a&b" }, { Key: "c" }];
  expect([
    await sent("s3", () => s3().send(new S3.DeleteObjectsCommand({ Bucket, Delete: { Objects: both } }))),
    await sent("s3", () => s3().send(new S3.CopyObjectCommand({ Bucket, Key, CopySource: "other/a%20b" }))),
    await sent("s3", () =>
      s3().send(new S3.PutObjectCommand({ Bucket, Key, Body: "x", ACL: "private", Tagging: "a=b" })),
    ),
  ]).toEqual([
    ["a&b", "c"].map((key) => `DeleteObjects: s3:DeleteObject on arn:aws:s3:::archive/${key}`),
    [`CopyObject: s3:PutObject on ${object}`, "CopyObject: s3:GetObject on arn:aws:s3:::other/a b"],
    ["PutObject", "PutObjectTagging", "PutObjectAcl"].map((action) => `PutObject: s3:${action} on ${object}`),
  ]);
});

it("does not take an operation it does not know for one it knows", async () => {
  const keys = "<Object><Key>a</Key></Object><Object><Key><![CDATA[b]]></Key></Object>";
  const unreadable = Buffer.from(`<Delete>${keys}</Delete>`);
  const oneOfTwo = Buffer.from("<Object><Key>a</Key></Object><Object><Key >b</Key></Object>");
  expect([
    await sent("s3", () => s3().send(new S3.PutBucketAclCommand({ Bucket, ACL: "private" }))),
    await sent("s3", () => s3().send(new S3.RestoreObjectCommand({ Bucket, Key }))),
    read("s3", { method: "GET", target: "/archive/../secrets/key", headers: {}, body: Buffer.alloc(0) }),
    read("s3", { method: "POST", target: "/archive?delete", headers: {}, body: unreadable }),
    read("s3", { method: "POST", target: "/archive?delete", headers: {}, body: oneOfTwo }),
  ]).toEqual([
    ["UnknownOperation PUT bucket acl"],
    ["UnknownOperation POST object restore"],
    ["Unreadable S3"],
    ["Unreadable DeleteObjects"],
    ["Unreadable DeleteObjects"],
  ]);
});
