import {
  access,
  field,
  formBody,
  NAMELESS,
  operationOf,
  type Read,
  type ServiceRequest,
  unknown,
  unreadable,
} from "../../engine/wire/access";
import { arn } from "../../engine/location";

const ON_TOPIC: Readonly<Record<string, string>> = {
  DeleteTopic: "DeleteTopic",
  GetTopicAttributes: "GetTopicAttributes",
  ListSubscriptionsByTopic: "ListSubscriptionsByTopic",
  ListTagsForResource: "ListTagsForResource",
  Publish: "Publish",
  PublishBatch: "Publish",
  SetTopicAttributes: "SetTopicAttributes",
  Subscribe: "Subscribe",
};
const ON_SUBSCRIPTION: ReadonlySet<string> = new Set([
  "GetSubscriptionAttributes",
  "SetSubscriptionAttributes",
  "Unsubscribe",
]);
const ON_ANYTHING: ReadonlySet<string> = new Set(["ListTopics", "ListSubscriptions"]);

/** A phone number is no topic: SMS is not served, so such a Publish has no resource that could be read. */
const topicOf = (body: Readonly<Record<string, unknown>>): string | undefined =>
  field(body, "TopicArn") ?? field(body, "TargetArn") ?? field(body, "ResourceArn");

export const readSns = (request: ServiceRequest): Read => {
  const body = formBody(request);
  const operation = field(body, "Action") ?? NAMELESS;
  const action = `sns:${operation}`;
  if (ON_ANYTHING.has(operation)) return operationOf(operation, [access(action, "*")]);
  if (operation === "CreateTopic") {
    const name = field(body, "Name");
    if (name === undefined) return unreadable(operation, "no Name");
    return operationOf(operation, [access(action, arn("sns", request, name))]);
  }
  if (ON_SUBSCRIPTION.has(operation)) {
    const subscription = field(body, "SubscriptionArn");
    if (subscription === undefined) return unreadable(operation, "no SubscriptionArn");
    return operationOf(operation, [access(action, subscription)]);
  }
  const onTopic = Object.hasOwn(ON_TOPIC, operation) ? ON_TOPIC[operation] : undefined;
  if (onTopic === undefined) return unknown(operation);
  const topic = topicOf(body);
  if (topic === undefined) return unreadable(operation, "no TopicArn");
  const protocol = field(body, "Protocol");
  const endpoint = field(body, "Endpoint");
  return operationOf(operation, [
    access(`sns:${onTopic}`, topic, {
      ...(protocol === undefined ? {} : { "sns:Protocol": protocol }),
      ...(endpoint === undefined ? {} : { "sns:Endpoint": endpoint }),
    }),
  ]);
};
