import * as E from "fp-ts/Either";
import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { access, field } from "../../engine/wire/access";
import {
  inJsonOrForm,
  named,
  type Needs,
  on,
  readOperations,
  type Resources,
} from "../../engine/wire/operations";
import { jsonWire } from "../../engine/wire/protocol";

export const TARGET = "AmazonSQS";

/** In front of most codes that SQS's model names, in its older protocol. */
export const OLDER_CODES = "AWS.SimpleQueueService.";

const byName = named("QueueName", (name, location) => arn("sqs", location, name));

/** A queue's URL ends in its account and name, whatever host it is reached by. */
const queue: Resources = (fields, { region }) => {
  const url = field(fields, "QueueUrl") ?? "";
  const [, account, name] = /\/(\d{12})\/([A-Za-z0-9_.-]+)$/.exec(url) ?? [];
  return account === undefined || name === undefined
    ? E.left("QueueUrl does not end in /<account>/<name>")
    : E.right([arn("sqs", { region, account }, name)]);
};

/** Moving messages back reads, deletes and asks on the one side, and sends on the other. */
const onBothSides =
  (...actions: ReadonlyArray<string>): Needs =>
  ({ fields }) => {
    const source = field(fields, "SourceArn");
    if (source === undefined) return E.left("no SourceArn");
    const destination = field(fields, "DestinationArn");
    return E.right([
      ...actions.map((action) => access(action, source)),
      ...(destination === undefined ? [] : [access("sqs:SendMessage", destination)]),
    ]);
  };

export const sqs: AwsService = {
  name: "sqs",
  target: TARGET,
  // A batch needs the action of a single call.
  read: readOperations("sqs", inJsonOrForm(TARGET), {
    ChangeMessageVisibility: on(queue),
    ChangeMessageVisibilityBatch: on(queue, "sqs:ChangeMessageVisibility"),
    CreateQueue: on(byName),
    DeleteMessage: on(queue),
    DeleteMessageBatch: on(queue, "sqs:DeleteMessage"),
    DeleteQueue: on(queue),
    GetQueueAttributes: on(queue),
    GetQueueUrl: on(byName),
    ListDeadLetterSourceQueues: on(queue),
    ListMessageMoveTasks: onBothSides("sqs:ListMessageMoveTasks"),
    ListQueueTags: on(queue),
    ListQueues: "*",
    PurgeQueue: on(queue),
    ReceiveMessage: on(queue),
    SendMessage: on(queue),
    SendMessageBatch: on(queue, "sqs:SendMessage"),
    SetQueueAttributes: on(queue),
    StartMessageMoveTask: onBothSides(
      "sqs:StartMessageMoveTask",
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
    ),
    TagQueue: on(queue),
    UntagQueue: on(queue),
  }),
  wire: jsonWire(400, {
    protocol: (headers) => (headers["x-amz-target"] === undefined ? "query" : "json-1.0"),
    namespace: "com.amazonaws.sqs",
    queryCode: (code) => (code === "BatchRequestTooLong" ? `${OLDER_CODES}${code}` : code),
    throttled: [403, "RequestThrottled"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [400, "InvalidAction"],
  }),
  keyUse: { "sqs:SendMessage": ["GenerateDataKey", "Decrypt"], "sqs:ReceiveMessage": ["Decrypt"] },
};
