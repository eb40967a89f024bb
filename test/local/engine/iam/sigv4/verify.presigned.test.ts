import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { type SignedRequest, verify } from "../../../../../local/engine/iam/sigv4/verify";
import { expecting, KEY, REGION } from "../capture";

/** A link that any browser can follow, made as the SDK's presigner makes it. */
const presigned = async (service: "s3" | "execute-api", path: string): Promise<SignedRequest> => {
  const signer = new SignatureV4({
    service,
    region: REGION,
    credentials: KEY,
    sha256: Sha256,
    uriEscapePath: service !== "s3",
    applyChecksum: false,
  });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "http:",
      hostname: "localhost",
      path,
      query: { prefix: "a b/é" },
      headers: {
        host: "localhost",
        ...(service === "s3" ? { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } : {}),
      },
    },
    { expiresIn: 3_600, unhoistableHeaders: new Set(["x-amz-content-sha256"]) },
  );
  const target = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  const headers = {
    host: "localhost",
    ...(service === "s3" ? { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } : {}),
  };
  return { method: "GET", target: `${path}?${target.join("&")}`, headers, payload: new Uint8Array() };
};
const tagOf = (request: SignedRequest, now = new Date()) => verify(request, expecting({ now }))._tag;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

it.each([
  ["s3", "/archive/a%20b/%C3%A9.json"],
  ["execute-api", "/orders/a%20b"],
] as const)("a presigned %s request is good until it expires", async (service, path) => {
  const request = await presigned(service, path);
  expect(verify(request, expecting())).toEqual({ _tag: "Verified", accessKeyId: KEY.accessKeyId, service });
  expect(tagOf(request, inMinutes(59))).toBe("Verified");
  expect(tagOf(request, inMinutes(61))).toBe("Expired");
  expect(tagOf(request, inMinutes(-16))).toBe("NotYetValid");
});

it.each([
  [
    "its life prolonged",
    (target: string) => target.replace("X-Amz-Expires=3600", "X-Amz-Expires=36000"),
    "BadSignature",
  ],
  ["its path changed", (target: string) => target.replace("/archive/", "/secrets/"), "BadSignature"],
  ["a parameter changed", (target: string) => target.replace("prefix=a", "prefix=b"), "BadSignature"],
  ["a parameter added", (target: string) => `${target}&versionId=1`, "BadSignature"],
  [
    "a life of more than a week",
    (target: string) => target.replace("X-Amz-Expires=3600", "X-Amz-Expires=604801"),
    "Malformed",
  ],
  ["no signature", (target: string) => target.replace(/&?X-Amz-[A-Za-z-]+=[^&]*/g, ""), "Missing"],
])("is refused with %s", async (_, change, tag) => {
  const request = await presigned("s3", "/archive/key");
  expect(tagOf({ ...request, target: change(request.target) })).toBe(tag);
});

it("is refused when it is signed twice", async () => {
  const request = await presigned("s3", "/archive/key");
  expect(verify({ ...request, headers: { ...request.headers, authorization: "x" } }, expecting())).toEqual({
    _tag: "Malformed",
    problem: "signed both in header and in query",
  });
});
