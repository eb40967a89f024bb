import * as t from "io-ts";
import type { DeclaredStack } from "../catalog";
import { type Caller, PLATFORM } from "../../engine/gateway/callers";
import { AwsError } from "../../engine/gateway/errors";
import { type Json, type JsonObject, parseJson } from "../../json";
import type { StartContext } from "../service";
import type { Functions, LocalFunction } from "./functions";
import { eventQueueArn, eventQueueName } from "./event-queue";
import { makeQueue } from "../sqs/queues";
import { messageOf } from "../../start-error";
import { consume, type Consumer } from "../sqs/consumer";
import { type Message, queueNameOf, queueReader, queueUrlOf, receiveCount, ageMs } from "../sqs/reader";
import { givenUp, sendToDestination } from "./destination";
import { invoke } from "./invoke";
import { fitting } from "./limits";
import { resources } from "./resources";
import { resources as snsResources } from "../sns/resources";

/**
 * Lambda's own queue in front of every function: what topics and schedules hand it is kept on disk, tried again
 * as declared, and sent to the failure destination in the end. AWS waits one minute, then two; here a second is
 * a minute.
 */
const RETRY_SECONDS = 1;
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 6 * 60 * 60;

const Notification = t.intersection([
  t.type({
    Type: t.literal("Notification"),
    MessageId: t.string,
    TopicArn: t.string,
    Message: t.string,
    Timestamp: t.string,
  }),
  t.partial({
    Subject: t.union([t.string, t.null]),
    MessageAttributes: t.record(t.string, t.type({ Type: t.string, Value: t.string })),
  }),
]);

/** What a function gets: a topic's message in SNS's event, anything else as it was handed over. */
const eventOf = (body: Json, subscriptionOf: (topicArn: string) => string): Json =>
  Notification.is(body)
    ? {
        Records: [
          {
            EventSource: "aws:sns",
            EventVersion: "1.0",
            EventSubscriptionArn: subscriptionOf(body.TopicArn),
            Sns: {
              Type: "Notification",
              MessageId: body.MessageId,
              TopicArn: body.TopicArn,
              Subject: body.Subject ?? null,
              Message: body.Message,
              Timestamp: body.Timestamp,
              SignatureVersion: "1",
              Signature: "local",
              SigningCertUrl: "",
              UnsubscribeUrl: "",
              MessageAttributes: body.MessageAttributes ?? {},
            },
          },
        ],
      }
    : body;

const callerOf = (body: Json): Caller =>
  Notification.is(body)
    ? { kind: "service", principal: "sns.amazonaws.com", sourceArn: body.TopicArn }
    : { kind: "service", principal: "lambda.amazonaws.com", sourceArn: "", unquestioned: true };

type Failure = { readonly throttled: boolean; readonly answer: Json };

type Plan = { readonly retries: number; readonly ageSeconds: number; readonly onFailure: string | undefined };

const planOf = (stack: DeclaredStack, target: LocalFunction): Plan => {
  const config = stack(resources.aws_lambda_function_event_invoke_config).find(
    (one) => one.config.function_name === target.name || one.config.function_name === target.arn,
  )?.config;
  return {
    retries: config?.maximum_retry_attempts ?? DEFAULT_RETRIES,
    ageSeconds: config?.maximum_event_age_in_seconds ?? DEFAULT_AGE_SECONDS,
    onFailure: config?.destination_config?.on_failure?.destination ?? target.deadLetterArn,
  };
};

export const asynchronousInvocations = (
  { stack, deployment, client, activity }: StartContext,
  functions: Functions,
) => {
  const arnOf = (target: LocalFunction): string => eventQueueArn(deployment, target.name);
  const subscriptionOf = (target: LocalFunction) => (topicArn: string) =>
    stack(snsResources.aws_sns_topic_subscription)
      .find(({ config }) => config.topic_arn === topicArn && config.endpoint === target.arn)
      ?.attribute("arn") ?? topicArn;

  /** Sends what finally failed to its destination, in the function's name. */
  const giveUp = async (
    target: LocalFunction,
    plan: Plan,
    event: Json,
    failure: Json,
    tries: number,
  ): Promise<void> => {
    const lost = (why: string): void =>
      activity.complaint(target.name, `failed ${tries} times and is lost${why}`);
    if (plan.onFailure === undefined) {
      lost("");
      return;
    }
    const record = givenUp(`${target.arn}:$LATEST`, "RetriesExhausted", tries);
    const whole: JsonObject = { ...record, requestPayload: event, responsePayload: failure };
    const body = fitting(
      plan.onFailure,
      ...(plan.onFailure === target.deadLetterArn ? [event] : [whole, record]).map((one) =>
        JSON.stringify(one),
      ),
    );
    if (body === undefined) {
      lost(`: it is too large for ${queueNameOf(plan.onFailure)}`);
      return;
    }
    activity.complaint(target.name, `failed ${tries} times, sent to ${queueNameOf(plan.onFailure)}`);
    const role: Caller = { kind: "role", arn: target.role };
    await sendToDestination(client, deployment.awsUrl, role, plan.onFailure, body);
  };

  const start = (target: LocalFunction): Consumer => {
    const plan = planOf(stack, target);
    const reader = queueReader(client, PLATFORM, queueUrlOf(deployment.awsUrl, arnOf(target)));
    const handleOne = async (message: Message): Promise<void> => {
      const body = parseJson(message.Body) ?? null;
      const event = eventOf(body, subscriptionOf(target));
      const tries = receiveCount(message);
      const failure = await invoke(client, callerOf(body), target.arn, JSON.stringify(event)).then(
        ({ payload, failed }): Failure | undefined =>
          failed ? { throttled: false, answer: parseJson(payload) ?? null } : undefined,
        (error: unknown): Failure => ({
          throttled: error instanceof AwsError && error.status === 429,
          answer: { errorMessage: messageOf(error) },
        }),
      );
      if (failure === undefined) return reader.remove([message]);
      const tooOld = ageMs(message) > plan.ageSeconds * 1_000;
      // Being throttled is no try of the function's.
      if ((failure.throttled || tries <= plan.retries) && !tooOld)
        return reader.returnAfter(message, RETRY_SECONDS * tries);
      await giveUp(target, plan, event, failure.answer, tries);
      await reader.remove([message]);
    };
    return consume(
      reader,
      { batchSize: 1, windowSeconds: 0, atOnce: target.pool.concurrency },
      async (messages) => {
        await Promise.all(messages.map(handleOne));
      },
      (text) => activity.complaint(target.name, text),
    );
  };

  return {
    enqueue: async (target: LocalFunction, payload: string): Promise<void> => {
      const QueueUrl = queueUrlOf(deployment.awsUrl, arnOf(target));
      await client.json(PLATFORM, "sqs", "SendMessage", { QueueUrl, MessageBody: payload }, t.unknown);
    },
    makeQueues: async (): Promise<void> => {
      await Promise.all(
        functions.all.map((target) =>
          // Longer than the function may take, its start included, so that no event is handled twice at once.
          makeQueue(client, eventQueueName(target.name), {
            VisibilityTimeout: String(target.timeoutSeconds + 12),
          }),
        ),
      );
    },
    start: (): ReadonlyArray<Consumer> => functions.all.map(start),
  };
};
