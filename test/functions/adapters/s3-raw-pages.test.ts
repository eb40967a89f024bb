import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import * as E from "fp-ts/Either";
import { RawKey } from "../../../functions/domain/archive";
import { s3RawPages } from "../../../functions/adapters/s3-raw-pages";
import { own, useAws } from "../../support/aws";
import { ok } from "../../support/in-memory";

const BUCKET = own("raw-pages");

const signal = new AbortController().signal;
const NAME = { run: "run-1", number: 3, dt: "2026-01-01" };
beforeAll(useAws);

describe("raw pages", () => {
  const pages = s3RawPages(BUCKET, signal);
  const client = new S3Client({ forcePathStyle: true });
  beforeAll(() => client.send(new CreateBucketCommand({ Bucket: BUCKET })));

  const keep = (text: string) => ok(pages.keep(NAME, Buffer.from(text)));

  it("are kept one object a content, and read as they came", async () => {
    const first = await keep('{"results":true,"orders":[{"order_id":1.0}]}');
    const second = await keep('{"results":true,"orders":[]}');
    expect(await keep('{"results":true,"orders":[]}')).toBe(second);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(new Set(Contents?.map(({ Key }) => Key))).toEqual(new Set([first, second]));
    expect([first, second].every(RawKey.is)).toBe(true);
    expect(await pages.read(first)()).toEqual(E.right({ results: true, orders: [{ order_id: 1 }] }));
  });

  it("keep each digit of a price that is a number", async () => {
    const key = await keep('{"results":true,"orders":[{"price":41.10},{"price":0.12345678901234567890}]}');
    expect(await pages.read(key)()).toMatchObject({
      right: { orders: [{ price: "41.10" }, { price: "0.12345678901234567890" }] },
    });
  });

  it("say which page is missing or no page", async () => {
    expect(await pages.read("results/raw/dt=2026-01-01/none.json")()).toMatchObject({
      left: { _tag: "Permanent", operation: "reading the page results/raw/dt=2026-01-01/none.json" },
    });
    expect(await pages.read(await keep("<html>"))()).toMatchObject({ left: { _tag: "Permanent" } });
  });
});
