import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import * as E from "fp-ts/Either";
import { s3ResultArchive } from "../../../functions/adapters/s3-result-archive";
import { own, useAws } from "../../support/aws";

const BUCKET = own("archive");

const signal = new AbortController().signal;
beforeAll(useAws);

describe("the archive", () => {
  it("holds one object a key, the last one written", async () => {
    const client = new S3Client({ forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const archive = s3ResultArchive(BUCKET, signal);
    expect(await archive.put("orders/dt=2026-01-01/a.json", { page: 1 })()).toEqual(E.right(undefined));
    expect(await archive.put("orders/dt=2026-01-01/a.json", { page: 2 })()).toEqual(E.right(undefined));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["orders/dt=2026-01-01/a.json"]);
    const { Body, ContentType } = await client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: "orders/dt=2026-01-01/a.json" }),
    );
    expect([await Body?.transformToString(), ContentType]).toEqual(['{"page":2}', "application/json"]);
  });

  it("says that it is not there", async () => {
    expect(await s3ResultArchive("nowhere", signal).put("k", {})()).toMatchObject({
      left: { _tag: "Permanent" },
    });
  });
});
