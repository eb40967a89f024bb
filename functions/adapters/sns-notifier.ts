import { PublishCommand } from "@aws-sdk/client-sns";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { Announcement, announcementId } from "../domain/announcement";
import type { Notifier } from "../ports/capabilities";
import { portError } from "./aws-error";
import { sns } from "./clients";

/** Announcements on an SNS topic. `kind` is an attribute too, so that a subscription can filter on it. */
export const snsNotifier = (topicArn: string, signal: AbortSignal): Notifier => ({
  announce: (announcement) =>
    pipe(
      TE.tryCatch(
        () =>
          sns().send(
            new PublishCommand({
              TopicArn: topicArn,
              Message: JSON.stringify({
                id: announcementId(announcement),
                ...Announcement.encode(announcement),
              }),
              MessageAttributes: { kind: { DataType: "String", StringValue: announcement.kind } },
            }),
            { abortSignal: signal },
          ),
        portError("announcing"),
      ),
      TE.asUnit,
    ),
});
