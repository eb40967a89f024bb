import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { errorAnswer, type WireError } from "../../../../local/engine/wire/answer";
import {
  accessDenied,
  errorOf,
  notAuthenticated,
  throttled,
  unavailable,
} from "../../../../local/engine/wire/errors";
import { serviceNamed } from "../../../platform/support/services";

/** Real clients against a server that answers every request with the error of the test. */

let server: Server;
let error: WireError;
let service: string;
let calls = 0;

beforeAll((done) => {
  server = createServer((request, response) => {
    void buffer(request).then(() => {
      calls++;
      const { method = "", headers: given } = request;
      const { status, headers, body } = errorAnswer(
        serviceNamed(service),
        { method, headers: given },
        error,
        "request-1",
      );
      response.writeHead(status, { ...headers, connection: "close" }).end(body);
    });
  }).listen(0, "127.0.0.1", done);
});
afterAll((done) => {
  server.close(done);
});

const config = () => ({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  region: "eu-west-1",
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  maxAttempts: 2,
  forcePathStyle: true,
});

const asked = {
  dynamodb: () => new DynamoDBClient(config()).send(new DescribeTableCommand({ TableName: "orders" })),
  sqs: () => new SQSClient(config()).send(new GetQueueUrlCommand({ QueueName: "q" })),
  sns: () =>
    new SNSClient(config()).send(new GetTopicAttributesCommand({ TopicArn: "arn:aws:sns:eu-west-1:1:t" })),
  s3: () => new S3Client(config()).send(new GetObjectCommand({ Bucket: "b", Key: "k" })),
  ssm: () => new SSMClient(config()).send(new GetParameterCommand({ Name: "n" })),
  states: () =>
    new SFNClient(config()).send(
      new DescribeExecutionCommand({ executionArn: "arn:aws:states:eu-west-1:1:execution:m:e" }),
    ),
};
type Service = keyof typeof asked;
const services = Object.keys(asked) as ReadonlyArray<Service>;

const ServiceError = t.type({
  name: t.string,
  message: t.string,
  $metadata: t.intersection([t.type({ httpStatusCode: t.number }), t.partial({ requestId: t.string })]),
});

/** What the service's client makes of an error: its name, message and status, and how often it asked. */
const seenBy = async (name: Service, answered: WireError, call: () => Promise<unknown> = asked[name]) => {
  service = name;
  error = answered;
  calls = 0;
  const caught: unknown = await call().catch((reason: unknown) => reason);
  const decoded = ServiceError.decode(caught);
  if (E.isLeft(decoded)) throw new Error(`no error of a service: ${String(caught)}`);
  const { name: code, message, $metadata } = decoded.right;
  return { code, message, status: $metadata.httpStatusCode, id: $metadata.requestId, calls };
};

const THROTTLE_CODES: Record<Service, string> = {
  dynamodb: "ProvisionedThroughputExceededException",
  sqs: "RequestThrottled",
  // The client's own name for the code Throttled.
  sns: "ThrottledException",
  s3: "SlowDown",
  ssm: "ThrottlingException",
  states: "ThrottlingException",
};

it.each(services)("a throttled call is one to its client, which tries again (%s)", async (name) => {
  expect(await seenBy(name, throttled(serviceNamed(name)))).toMatchObject({
    code: THROTTLE_CODES[name],
    calls: 2,
  });
});

it.each(services)("a service that is down is asked again (%s)", async (name) => {
  const seen = await seenBy(name, unavailable(serviceNamed(name)));
  expect(seen.status).toBeGreaterThanOrEqual(500);
  expect(seen.calls).toBe(2);
});

it.each(services)("a denial reaches its client word for word, and is not tried again (%s)", async (name) => {
  const message = `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: x on resource: "<&>" because …`;
  const seen = await seenBy(name, accessDenied(serviceNamed(name), message));
  expect(seen).toMatchObject({ message, calls: 1, id: "request-1" });
  expect(seen.code).toMatch(/AccessDenied|AuthorizationError/);
});

it.each(services)("a bad signature or unknown key is the client's own fault (%s)", async (name) => {
  const bad = await seenBy(name, notAuthenticated(serviceNamed(name), { _tag: "BadSignature" }));
  const unknown = await seenBy(
    name,
    notAuthenticated(serviceNamed(name), { _tag: "UnknownKey", accessKeyId: "k" }),
  );
  expect(bad.code).toMatch(/InvalidSignature|SignatureDoesNotMatch/);
  expect(unknown.code).toMatch(/UnrecognizedClient|InvalidAccessKeyId|InvalidClientTokenId/);
  expect([bad.calls, unknown.calls]).toEqual([1, 1]);
});

it("a HEAD is answered without a body", async () => {
  const head = () => new S3Client(config()).send(new HeadObjectCommand({ Bucket: "b", Key: "k" }));
  expect(await seenBy("s3", accessDenied(serviceNamed("s3"), "no"), head)).toMatchObject({ status: 403 });
});

it("SQS's clients find the code where its older protocol has it, too", () => {
  const request = { method: "POST", headers: { "x-amz-target": "AmazonSQS.SendMessage" } };
  expect(errorAnswer(serviceNamed("sqs"), request, throttled(serviceNamed("sqs"))).headers).toMatchObject({
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-query-error": "RequestThrottled;Sender",
  });
  expect(
    errorAnswer(serviceNamed("sqs"), { ...request, headers: {} }, throttled(serviceNamed("sqs"))).headers,
  ).toMatchObject({
    "content-type": "text/xml",
  });
});

it("an API's client is told no more than that it may not, or may not yet", () => {
  const get = { method: "GET", headers: {} };
  const denied = errorAnswer(
    serviceNamed("execute-api"),
    get,
    accessDenied(serviceNamed("execute-api"), "User: arn:… may not"),
  );
  expect([denied.status, denied.body]).toEqual([403, '{"message":"Forbidden"}']);
  const limited = errorAnswer(serviceNamed("execute-api"), get, throttled(serviceNamed("execute-api")));
  expect([limited.status, limited.headers["retry-after"]]).toEqual([429, "1"]);
});

it("a plan's error is the service's own, or no answer at all", () => {
  expect(errorOf(serviceNamed("s3"), { _tag: "Throttled" })).toMatchObject({ status: 503, code: "SlowDown" });
  expect(errorOf(serviceNamed("dynamodb"), { _tag: "Unavailable" })).toMatchObject({ status: 500 });
  expect(errorOf(serviceNamed("s3"), { _tag: "Answer", status: 500, code: "InternalError" })).toMatchObject({
    code: "InternalError",
  });
  expect(errorOf(serviceNamed("s3"), { _tag: "NoAnswer" })).toBeUndefined();
});
