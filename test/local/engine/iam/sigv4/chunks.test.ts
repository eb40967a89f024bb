import { createHash, createHmac } from "node:crypto";
import { type SignedRequest, verify } from "../../../../../local/engine/iam/sigv4/verify";
import { expecting } from "../capture";

/** The worked example of the S3 documentation ("Signature calculations: transferring payload in chunks"). */
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const example = (body: Buffer): SignedRequest => ({
  method: "PUT",
  target: "/examplebucket/chunkObject.txt",
  headers: {
    host: "s3.amazonaws.com",
    "x-amz-date": "20130524T000000Z",
    "x-amz-storage-class": "REDUCED_REDUNDANCY",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
      "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;" +
      "x-amz-decoded-content-length;x-amz-storage-class," +
      "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "content-encoding": "aws-chunked",
    "x-amz-decoded-content-length": "66560",
    "content-length": "66824",
  },
  payload: body,
});
const chunk = (size: number, signature: string) =>
  `${size.toString(16)};chunk-signature=${signature}\r\n${"a".repeat(size)}\r\n`;
const BODY = [
  chunk(65_536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
  chunk(1_024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
  chunk(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
] as const;

const tagOf = (request: SignedRequest) =>
  verify(
    request,
    expecting({
      credentialsOf: () => ({ secretAccessKey: SECRET }),
      now: new Date("2013-05-24T00:00:00Z"),
      region: "us-east-1",
    }),
  )._tag;
const body = (...parts: ReadonlyArray<string>) => example(Buffer.from(parts.join("")));

it("verifies each chunk of the documented example", () => {
  expect(tagOf(body(...BODY))).toBe("Verified");
});

it.each([
  ["a changed byte", body(BODY[0].replace("\r\na", "\r\nb"), BODY[1], BODY[2])],
  ["a chunk left out", body(BODY[0], BODY[2])],
  ["chunks exchanged", body(BODY[1], BODY[0], BODY[2])],
  ["its end cut off", body(BODY[0], BODY[1])],
  ["bytes after its end", body(...BODY, "more")],
  ["no chunks", body("a".repeat(100))],
])("refuses a body with %s", (_, request) => {
  expect(tagOf(request)).toBe("BadPayload");
});

it("cannot verify chunks it has only the hash of", () => {
  expect(tagOf({ ...body(...BODY), payload: { sha256: "0".repeat(64) } })).toBe("BadPayload");
});

describe("with trailing headers", () => {
  const hash = (data: string) => createHash("sha256").update(data).digest("hex");
  const mac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const scope = "20130524/us-east-1/s3/aws4_request";
  const key = scope.split("/").reduce<string | Buffer>(mac, `AWS4${SECRET}`);
  const sign = (...lines: ReadonlyArray<string>) => mac(key, lines.join("\n")).toString("hex");
  const type = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
  const names = "host;x-amz-content-sha256;x-amz-date";

  const signed = (trailer: string, signedTrailer = trailer): SignedRequest => {
    const values = `host:h\nx-amz-content-sha256:${type}\nx-amz-date:20130524T000000Z\n`;
    const canonical = `PUT\n/b/k\n\n${values}\n${names}\n${type}`;
    const seed = sign("AWS4-HMAC-SHA256", "20130524T000000Z", scope, hash(canonical));
    const link = (kind: string, ...rest: ReadonlyArray<string>) =>
      sign(`AWS4-HMAC-SHA256-${kind}`, "20130524T000000Z", scope, ...rest);
    const first = link("PAYLOAD", seed, hash(""), hash("abc"));
    const last = link("PAYLOAD", first, hash(""), hash(""));
    const end = link("TRAILER", last, hash(`${signedTrailer}\n`));
    const Credential = `AKIA/${scope}`;
    return {
      method: "PUT",
      target: "/b/k",
      headers: {
        host: "h",
        "x-amz-content-sha256": type,
        "x-amz-date": "20130524T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=${Credential}, SignedHeaders=${names}, Signature=${seed}`,
      },
      payload: Buffer.from(
        `3;chunk-signature=${first}\r\nabc\r\n0;chunk-signature=${last}\r\n${trailer}\r\nx-amz-trailer-signature:${end}\r\n\r\n`,
      ),
    };
  };

  it("verifies them and refuses others", () => {
    expect(tagOf(signed("x-amz-checksum-crc32:AAAAAA=="))).toBe("Verified");
    expect(tagOf(signed("x-amz-checksum-crc32:BAAAAA==", "x-amz-checksum-crc32:AAAAAA=="))).toBe(
      "BadPayload",
    );
  });
});
