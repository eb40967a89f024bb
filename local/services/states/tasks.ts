import * as t from "io-ts";
import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { AwsError } from "../../engine/gateway/errors";
import { isObject, type Json, parseJson } from "../../json";
import { FunctionError } from "../../engine/runtime/protocol";
import { invoke as invokeFunction } from "../lambda/invoke";
import { askSns } from "../sns/request";

/** A failed task. `Retry` and `Catch` match on its name; its message is what a `Catch` hands on as the cause. */
class TaskError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

type Task = (client: Client, role: Caller, input: Json) => Promise<Json>;

const parse = (text: string): Json => parseJson(text) ?? null;

const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? {});

/** A refusal by a service, under the name Step Functions gives it: `Lambda.TooManyRequestsException`. */
const refusedBy =
  (service: string) =>
  (error: unknown): never => {
    if (!(error instanceof AwsError)) throw error;
    const code = error.code.endsWith("Exception") ? error.code : `${error.code}Exception`;
    throw new TaskError(`${service}.${code}`, error.message);
  };

const invoke = async (client: Client, role: Caller, functionArn: string, payload: Json): Promise<Json> => {
  const answer = await invokeFunction(client, role, functionArn, JSON.stringify(payload)).catch(
    refusedBy("Lambda"),
  );
  const value = parse(answer.payload);
  if (!answer.failed) return value;
  throw new TaskError(FunctionError.is(value) ? value.errorType : "Lambda.Unknown", answer.payload);
};

const invokeTask: Task = async (client, role, input) => {
  const { FunctionName, Payload } = isObject(input) ? input : {};
  return {
    ExecutedVersion: "$LATEST",
    Payload: await invoke(client, role, textOf(FunctionName), Payload ?? {}),
    StatusCode: 200,
  };
};

const messageAttributes = (attributes: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isObject(attributes) ? attributes : {}).flatMap(([name, attribute], index) => {
      const at = `MessageAttributes.entry.${index + 1}`;
      const { DataType, StringValue } = isObject(attribute) ? attribute : {};
      return [
        [`${at}.Name`, name],
        [`${at}.Value.DataType`, textOf(DataType)],
        [`${at}.Value.StringValue`, textOf(StringValue)],
      ];
    }),
  );

const publishTask: Task = async (client, role, input) => {
  const { TopicArn, Message, Subject, MessageAttributes } = isObject(input) ? input : {};
  const xml = await askSns(client, role, "Publish", {
    TopicArn: textOf(TopicArn),
    Message: textOf(Message),
    ...(typeof Subject === "string" ? { Subject } : {}),
    ...messageAttributes(MessageAttributes),
  }).catch(refusedBy("SNS"));
  return { MessageId: /<MessageId>([^<]*)</.exec(xml)?.[1] ?? "" };
};

const sendTask: Task = async (client, role, input) => {
  const { QueueUrl, MessageBody } = isObject(input) ? input : {};
  const sent = await client
    .json(
      role,
      "sqs",
      "SendMessage",
      { QueueUrl: QueueUrl ?? "", MessageBody: textOf(MessageBody) },
      t.type({ MessageId: t.string }),
    )
    .catch(refusedBy("SQS"));
  return { MessageId: sent.MessageId };
};

const TASKS: Readonly<Record<string, Task>> = {
  "arn:aws:states:::lambda:invoke": invokeTask,
  "arn:aws:states:::sns:publish": publishTask,
  "arn:aws:states:::sqs:sendMessage": sendTask,
};

/** The effect of a `Task` state's resource; undefined where the local platform cannot run it. */
export const taskFor = (resource: string): Task | undefined =>
  resource.startsWith("arn:aws:lambda:")
    ? (client, role, input) => invoke(client, role, resource, input)
    : TASKS[resource];

/** What Step Functions calls a task in an error: the ARN of a function, or the service of an integration. */
export const taskName = (resource: string): string =>
  /^arn:aws:states:::([^:]+)/.exec(resource)?.[1] ?? resource;
