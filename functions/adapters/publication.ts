import type { PublishCommandInput } from "@aws-sdk/client-sns";
import { Announcement, announcementId } from "../domain/announcement";

/** An announcement as it stands on a topic. `kind` is an attribute too, so that a subscription can filter on it. */
export const publication = (topicArn: string, announcement: Announcement): PublishCommandInput => ({
  TopicArn: topicArn,
  Message: JSON.stringify({ id: announcementId(announcement), ...Announcement.encode(announcement) }),
  MessageAttributes: { kind: { DataType: "String", StringValue: announcement.kind } },
});
