import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";

/**
 * One client a service and process, made when first asked for. Connections and sockets have time limits of
 * their own, below any function's: a service that hangs is asked again instead of using the whole time up.
 * `PURE`: a bundle leaves out the clients it does not use.
 */
const settings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

const once = <A>(make: () => A): (() => A) => {
  let made: A | undefined;
  return () => (made ??= make());
};

export const dynamo = /* @__PURE__ */ once(() => new DynamoDBClient(settings));
/** Asks once: of what must not be done twice, however it was answered. */
export const dynamoOnce = /* @__PURE__ */ once(() => new DynamoDBClient({ ...settings, maxAttempts: 1 }));
export const sqs = /* @__PURE__ */ once(() => new SQSClient(settings));
export const sns = /* @__PURE__ */ once(() => new SNSClient(settings));
export const ssm = /* @__PURE__ */ once(() => new SSMClient(settings));
/** Path style: every AWS-compatible API takes it, and no bucket name of ours has a dot. */
export const s3 = /* @__PURE__ */ once(() => new S3Client({ ...settings, forcePathStyle: true }));
