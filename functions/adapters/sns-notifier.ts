import { PublishCommand } from "@aws-sdk/client-sns";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Notifier } from "../ports/capabilities";
import { portError } from "./aws-error";
import { sns } from "./clients";
import { publication } from "./publication";

/** Announcements on an SNS topic. */
export const snsNotifier = (topicArn: string, signal: AbortSignal): Notifier => ({
  announce: (announcement) =>
    pipe(
      TE.tryCatch(
        () => sns().send(new PublishCommand(publication(topicArn, announcement)), { abortSignal: signal }),
        portError("announcing"),
      ),
      TE.asUnit,
    ),
});
