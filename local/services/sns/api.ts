import * as E from "fp-ts/Either";
import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { access, field } from "../../engine/wire/access";
import { inForm, named, type Needs, on, readOperations } from "../../engine/wire/operations";
import { XML_SIGNATURE } from "../../engine/wire/protocol";

/** A phone number is no topic: SMS is not served, so such a Publish has no resource that could be read. */
const onTopic =
  (other?: string): Needs =>
  ({ action, fields }) => {
    const topic = ["TopicArn", "TargetArn", "ResourceArn"].flatMap((name) => field(fields, name) ?? [])[0];
    if (topic === undefined) return E.left("no TopicArn");
    const protocol = field(fields, "Protocol");
    const endpoint = field(fields, "Endpoint");
    return E.right([
      access(other ?? action, topic, {
        ...(protocol === undefined ? {} : { "sns:Protocol": protocol }),
        ...(endpoint === undefined ? {} : { "sns:Endpoint": endpoint }),
      }),
    ]);
  };

export const sns: AwsService = {
  name: "sns",
  read: readOperations("sns", inForm, {
    CreateTopic: on(named("Name", (name, location) => arn("sns", location, name))),
    DeleteTopic: onTopic(),
    GetSubscriptionAttributes: on("SubscriptionArn"),
    GetTopicAttributes: onTopic(),
    ListSubscriptions: "*",
    ListSubscriptionsByTopic: onTopic(),
    ListTagsForResource: onTopic(),
    ListTopics: "*",
    Publish: onTopic(),
    PublishBatch: onTopic("sns:Publish"),
    SetSubscriptionAttributes: on("SubscriptionArn"),
    SetTopicAttributes: onTopic(),
    Subscribe: onTopic(),
    Unsubscribe: on("SubscriptionArn"),
  }),
  wire: {
    protocol: "query",
    throttled: [429, "Throttled"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AuthorizationError"],
    unknownOperation: [400, "InvalidAction"],
    signature: XML_SIGNATURE,
  },
  keyUse: { "sns:Publish": ["GenerateDataKey", "Decrypt"] },
};
