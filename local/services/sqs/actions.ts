import {
  access,
  field,
  fieldsIn,
  operationOf,
  type Read,
  type ServiceRequest,
  unknown,
  unreadable,
} from "../../engine/wire/access";
import { arn } from "../../engine/location";

export const TARGET = "AmazonSQS";

/** The action an operation needs on its queue: a batch needs the one of a single call. */
const ON_QUEUE: Readonly<Record<string, string>> = {
  ChangeMessageVisibility: "ChangeMessageVisibility",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
  DeleteMessage: "DeleteMessage",
  DeleteMessageBatch: "DeleteMessage",
  DeleteQueue: "DeleteQueue",
  GetQueueAttributes: "GetQueueAttributes",
  ListDeadLetterSourceQueues: "ListDeadLetterSourceQueues",
  ListQueueTags: "ListQueueTags",
  PurgeQueue: "PurgeQueue",
  ReceiveMessage: "ReceiveMessage",
  SendMessage: "SendMessage",
  SendMessageBatch: "SendMessage",
  SetQueueAttributes: "SetQueueAttributes",
  TagQueue: "TagQueue",
  UntagQueue: "UntagQueue",
};
const BY_NAME: ReadonlySet<string> = new Set(["CreateQueue", "GetQueueUrl"]);

/** A queue's URL ends in its account and name, whatever host it is reached by. */
const fromUrl = ({ region }: ServiceRequest, url: string): string | undefined => {
  const [, account, name] = /\/(\d{12})\/([A-Za-z0-9_.-]+)$/.exec(url) ?? [];
  return account === undefined || name === undefined ? undefined : arn("sqs", { region, account }, name);
};

/** Moving messages back reads, deletes and asks on the one side, and sends on the other. */
const moveTask = (operation: string, body: Readonly<Record<string, unknown>>): Read => {
  const source = field(body, "SourceArn");
  if (source === undefined) return unreadable(operation, "no SourceArn");
  const destination = field(body, "DestinationArn");
  const actions = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
  return operationOf(operation, [
    ...(operation === "StartMessageMoveTask" ? actions : [operation]).map((one) =>
      access(`sqs:${one}`, source),
    ),
    ...(destination === undefined ? [] : [access("sqs:SendMessage", destination)]),
  ]);
};

export const readSqs = (request: ServiceRequest): Read => {
  const [operation, body] = fieldsIn(request, TARGET);
  if (operation === "ListQueues") return operationOf(operation, [access("sqs:ListQueues", "*")]);
  if (operation === "StartMessageMoveTask" || operation === "ListMessageMoveTasks")
    return moveTask(operation, body);
  if (BY_NAME.has(operation)) {
    const name = field(body, "QueueName");
    if (name === undefined) return unreadable(operation, "no QueueName");
    return operationOf(operation, [access(`sqs:${operation}`, arn("sqs", request, name))]);
  }
  const action = Object.hasOwn(ON_QUEUE, operation) ? ON_QUEUE[operation] : undefined;
  if (action === undefined) return unknown(operation);
  const queue = fromUrl(request, field(body, "QueueUrl") ?? "");
  if (queue === undefined) return unreadable(operation, "QueueUrl does not end in /<account>/<name>");
  return operationOf(operation, [access(`sqs:${action}`, queue)]);
};
