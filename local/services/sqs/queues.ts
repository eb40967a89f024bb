import * as t from "io-ts";
import type { ConfigOf, DeclaredStack } from "../catalog";
import { PLATFORM } from "../../engine/gateway/callers";
import type { AwsAnswer, AwsCall, Backend } from "../../engine/gateway/call";
import type { Client } from "../../engine/gateway/client";
import { type JsonObject, parseJson } from "../../json";
import { OLDER_CODES } from "./api";
import { refuseLargeBatch } from "./limits";
import { resources } from "./resources";

type Queue = ConfigOf<typeof resources.aws_sqs_queue>;

const text = (name: string, value: number | string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: String(value) };

const attributesOf = (queue: Queue, redrivePolicy: string | undefined): JsonObject => ({
  ...text("VisibilityTimeout", queue.visibility_timeout_seconds),
  ...text("MessageRetentionPeriod", queue.message_retention_seconds),
  ...text("MaximumMessageSize", queue.max_message_size),
  ...text("DelaySeconds", queue.delay_seconds),
  ...text("ReceiveMessageWaitTimeSeconds", queue.receive_wait_time_seconds),
  // An empty policy removes one that an earlier start set.
  RedrivePolicy: redrivePolicy ?? "",
});

/** Makes a queue, or brings one that is there to the attributes given. */
export const makeQueue = async (client: Client, name: string, attributes: JsonObject): Promise<string> => {
  const { QueueUrl } = await client.json(
    PLATFORM,
    "sqs",
    "CreateQueue",
    { QueueName: name },
    t.type({ QueueUrl: t.string }),
  );
  await client.json(PLATFORM, "sqs", "SetQueueAttributes", { QueueUrl, Attributes: attributes }, t.unknown);
  return QueueUrl;
};

export const makeQueues = async (client: Client, stack: DeclaredStack): Promise<void> => {
  const redrivePolicies = new Map(
    stack(resources.aws_sqs_queue_redrive_policy).map(({ config }) => [
      config.queue_url,
      config.redrive_policy,
    ]),
  );
  await Promise.all(
    stack(resources.aws_sqs_queue).map(({ config, attribute }) => {
      const redrive = config.redrive_policy ?? redrivePolicies.get(attribute("url"));
      return makeQueue(client, config.name, attributesOf(config, redrive));
    }),
  );
};

/** The prefix of the platform's own queues; no stack declares them, so they are not listed. */
export const OWN_QUEUES = "lambda-events-";

const Listed = t.type({ QueueUrls: t.readonlyArray(t.string) });

const withoutOwn = (body: string): string => {
  const parsed = parseJson(body);
  if (!Listed.is(parsed)) return body;
  return JSON.stringify({
    ...parsed,
    QueueUrls: parsed.QueueUrls.filter((url) => !url.includes(`/${OWN_QUEUES}`)),
  });
};

const URL_ANSWERS = new Set(["CreateQueue", "GetQueueUrl", "ListQueues", "ListDeadLetterSourceQueues"]);

/** fauxqs gives every code of the older protocol the prefix of those that the model names. */
const renamed = (answer: AwsAnswer): AwsAnswer => ({
  ...answer,
  headers: {
    ...answer.headers,
    "x-amzn-query-error": String(answer.headers["x-amzn-query-error"]).replace(
      `${OLDER_CODES}InvalidParameterValue;`,
      "InvalidParameterValue;",
    ),
  },
});

/**
 * SQS in front of fauxqs, whose answers carry the URLs under which queues were first made, and which loses
 * track of a message whose visibility timeout is set to exactly 0 until the next start: a millisecond it is.
 */
export const queuesBackend =
  (fauxqs: Backend, awsUrl: string): Backend =>
  async (call) => {
    refuseLargeBatch(call);
    const answer = await fauxqs(call.operation.startsWith("ChangeMessageVisibility") ? soon(call) : call);
    if (answer.status === 400) return renamed(answer);
    if (!URL_ANSWERS.has(call.operation)) return answer;
    const body = answer.body.toString().replaceAll(/http:\/\/[^/"]+(?=\/\d{12}\/)/g, awsUrl);
    return { ...answer, body: Buffer.from(call.operation === "ListQueues" ? withoutOwn(body) : body) };
  };

const soon = (call: AwsCall): AwsCall => ({
  ...call,
  body: Buffer.from(
    call.body.toString().replaceAll(/"VisibilityTimeout"\s*:\s*0(?=\s*[,}])/g, '"VisibilityTimeout":0.001'),
  ),
});
