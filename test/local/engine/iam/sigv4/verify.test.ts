import { Readable } from "node:stream";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { type SignedRequest, verify } from "../../../../../local/engine/iam/sigv4/verify";
import { capture, type Captured, close, expecting, KEY, listen } from "../capture";
import { unicodeText } from "../../../../support/arbitrary";

type Config = Awaited<ReturnType<typeof listen>>;

const STRANGE_KEY = "orders/dt=2026-01-01/a b+c~(d)'!*é😀/%41.json";
const call = {
  dynamodb: (config: Config) =>
    new DynamoDBClient(config).send(
      new PutItemCommand({ TableName: "orders", Item: { order_id: { N: "1" } } }),
    ),
  sqs: (config: Config) =>
    new SQSClient(config).send(
      new SendMessageCommand({ QueueUrl: `${config.endpoint}/123456789012/orders`, MessageBody: "é" }),
    ),
  sns: (config: Config) =>
    new SNSClient(config).send(
      new PublishCommand({ TopicArn: "arn:aws:sns:eu-west-1:1:t", Message: "a b&c=é" }),
    ),
  ssm: (config: Config) => new SSMClient(config).send(new GetParameterCommand({ Name: "/orders/local/key" })),
  states: (config: Config) =>
    new SFNClient(config).send(
      new StartExecutionCommand({ stateMachineArn: "arn:aws:states:eu-west-1:1:stateMachine:results" }),
    ),
  "s3 put": (config: Config) =>
    new S3Client(config).send(new PutObjectCommand({ Bucket: "archive", Key: STRANGE_KEY, Body: "é" })),
  "s3 put of a stream": (config: Config) =>
    new S3Client(config).send(
      new PutObjectCommand({
        Bucket: "archive",
        Key: "k",
        Body: Readable.from(["ab", "cd"]),
        ContentLength: 4,
      }),
    ),
  "s3 get": (config: Config) =>
    new S3Client(config).send(new GetObjectCommand({ Bucket: "archive", Key: STRANGE_KEY, PartNumber: 1 })),
  "s3 list": (config: Config) =>
    new S3Client(config).send(
      new ListObjectsV2Command({ Bucket: "archive", Prefix: "a b/é+~", Delimiter: "/" }),
    ),
};
const names = Object.keys(call) as ReadonlyArray<keyof typeof call>;

const requests = new Map<string, Captured>();
const of = (name: keyof typeof call): Captured => {
  const request = requests.get(name);
  if (request === undefined) throw new Error(`no request of ${name}`);
  return request;
};

beforeAll(async () => {
  const config = await listen();
  for (const name of names) requests.set(name, await capture(call[name](config)));
});
afterAll(close);

const tagOf = (request: SignedRequest, ...overrides: Parameters<typeof expecting>) =>
  verify(request, expecting(...overrides))._tag;
const withHeader = (request: Captured, name: string, value: string | undefined): SignedRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

describe.each(names)("a request of the SDK (%s)", (name) => {
  it("verifies as it came", () => {
    expect(verify(of(name), expecting())).toEqual({
      _tag: "Verified",
      accessKeyId: KEY.accessKeyId,
      service: name.split(" ")[0],
    });
  });

  it.each([
    ["the method", (it: Captured) => ({ ...it, method: "PATCH" })],
    ["the path", (it: Captured) => ({ ...it, target: it.target.replace(/^\/[^?]*/, "$&x") })],
    [
      "a query parameter",
      (it: Captured) => ({ ...it, target: `${it.target}${it.target.includes("?") ? "&" : "?"}acl` }),
    ],
    ["the host", (it: Captured) => withHeader(it, "host", "elsewhere")],
    [
      "the date",
      (it: Captured) =>
        withHeader(
          it,
          "x-amz-date",
          String(it.headers["x-amz-date"]).replace(/\dZ$/, (end) => (end === "0Z" ? "1Z" : "0Z")),
        ),
    ],
    [
      "the signature",
      (it: Captured) =>
        withHeader(
          it,
          "authorization",
          String(it.headers["authorization"]).replace(/Signature=./, (end) =>
            end.replace(/.$/, (c) => (c === "0" ? "1" : "0")),
          ),
        ),
    ],
  ])("fails with %s changed", (_, change) => {
    expect(tagOf(change(of(name)))).toBe("BadSignature");
  });

  it("fails with another key, secret, token, region or service", () => {
    const other = { ...KEY, secretAccessKey: "another" };
    expect(tagOf(of(name), { credentialsOf: () => undefined })).toBe("UnknownKey");
    expect(tagOf(of(name), { credentialsOf: () => other })).toBe("BadSignature");
    expect(tagOf(of(name), { credentialsOf: () => ({ ...KEY, sessionToken: "old" }) })).toBe("WrongToken");
    expect(tagOf(withHeader(of(name), "x-amz-security-token", undefined))).toBe("WrongToken");
    expect(tagOf(of(name), { region: "us-east-1" })).toBe("WrongScope");
    expect(tagOf(of(name), { services: ["lambda"] })).toBe("WrongScope");
  });

  it("fails sixteen minutes late or early", () => {
    const minutes = (count: number) => ({ now: new Date(Date.now() + count * 60_000) });
    expect(tagOf(of(name), minutes(14))).toBe("Verified");
    expect(tagOf(of(name), minutes(16))).toBe("Expired");
    expect(tagOf(of(name), minutes(-16))).toBe("NotYetValid");
  });
});

it.each(names.filter((name) => name !== "s3 put of a stream"))("fails with another body (%s)", (name) => {
  const tampered = Buffer.concat([of(name).payload, Buffer.from(" ")]);
  expect(["BadSignature", "BadPayload"]).toContain(tagOf({ ...of(name), payload: tampered }));
});

it("takes a body by its hash where it was streamed past", () => {
  const request = of("s3 put");
  const sha256 = String(request.headers["x-amz-content-sha256"]);
  expect(tagOf({ ...request, payload: { sha256 } })).toBe("Verified");
  expect(tagOf({ ...request, payload: { sha256: sha256.replace(/^./, "x") } })).toBe("BadPayload");
});

it("takes an unsigned body from S3's clients alone", () => {
  expect(of("s3 put of a stream").headers["x-amz-content-sha256"]).toMatch(/UNSIGNED/);
  const asked = withHeader(of("dynamodb"), "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  expect(tagOf(asked)).not.toBe("Verified");
});

it("takes no unsigned body for another service, even properly signed", async () => {
  const signer = new SignatureV4({
    service: "dynamodb",
    region: "eu-west-1",
    credentials: KEY,
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: "http:",
    hostname: "h",
    path: "/",
    headers: { host: "h", "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  });
  expect(tagOf({ method: "POST", target: "/", headers, payload: Buffer.from("{}") })).toBe("BadPayload");
});

it("fails with the operation of a DynamoDB request exchanged, or an x-amz- header added", () => {
  expect(tagOf(withHeader(of("dynamodb"), "x-amz-target", "DynamoDB_20120810.DeleteTable"))).toBe(
    "BadSignature",
  );
  expect(verify(withHeader(of("s3 put"), "x-amz-acl", "public-read"), expecting())).toEqual({
    _tag: "UnsignedHeader",
    name: "x-amz-acl",
  });
});

it.each([
  ["nothing", undefined, "Missing"],
  ["another scheme", "Bearer x", "Malformed"],
  ["too little", "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/s3/aws4_request", "Malformed"],
  ["a short credential", "AWS4-HMAC-SHA256 Credential=A, SignedHeaders=host, Signature=0", "Malformed"],
])("finds %s in Authorization", (_, authorization, tag) => {
  expect(tagOf(withHeader(of("sqs"), "authorization", authorization))).toBe(tag);
});

it.each([
  ["a target that is no text", (it: Captured) => ({ ...it, target: "/\ud800" })],
  ["a target of broken encoding", (it: Captured) => ({ ...it, target: "/%e9" })],
  [
    "a credential of another day",
    (it: Captured) =>
      withHeader(it, "authorization", String(it.headers["authorization"]).replace(/\/\d{8}\//, "/20200101/")),
  ],
  [
    "a host that was not signed",
    (it: Captured) =>
      withHeader(it, "authorization", String(it.headers["authorization"]).replace(";host;", ";")),
  ],
])("finds %s malformed", (_, change) => {
  expect(tagOf(of("dynamodb"))).toBe("Verified");
  expect(tagOf(change(of("dynamodb")))).toBe("Malformed");
});

it("never throws and never takes what nobody signed", () => {
  const text = fc.oneof(unicodeText, fc.webPath(), fc.constantFrom("/%", "/a?%zz", "/?X-Amz-Signature"));
  const headers = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom("authorization", "x-amz-date", "date", "x-amz-content-sha256")),
    fc.oneof(
      fc.string(),
      fc.string().map((rest) => `AWS4-HMAC-SHA256 Credential=${rest}`),
      fc.array(fc.string()),
    ),
  );
  fc.assert(
    fc.property(text, headers, fc.uint8Array(), (target, given, payload) => {
      expect(tagOf({ method: "GET", target, headers: given, payload })).not.toBe("Verified");
    }),
    { numRuns: 1_000 },
  );
});
