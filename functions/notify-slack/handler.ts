import { pipe } from "fp-ts/function";
import type { Context, SNSEvent } from "aws-lambda";
import * as t from "io-ts";
import { environmentOf } from "../adapters/environment";
import { abortAt, deadlineOf, systemClock } from "../adapters/lambda";
import { logger } from "../adapters/logger";
import { slackWebhook } from "../adapters/slack-webhook";
import { orThrow } from "../adapters/throwing";
import { notifySlack } from "./notify-slack";

const config = environmentOf(t.strict({ ENVIRONMENT: t.string, SLACK_WEBHOOK_PARAMETER: t.string }));

/** The topics. Fails what cannot be posted: Lambda asks again twice, then its failure destination has it. */
export const handler = (event: SNSEvent, context: Context): Promise<void> => {
  const deadline = deadlineOf(context);
  const log = logger({ invocation_id: context.awsRequestId });
  return pipe(
    notifySlack(event.Records.map(({ Sns }) => Sns.Message))({
      webhook: slackWebhook(config.SLACK_WEBHOOK_PARAMETER, abortAt(deadline)),
      clock: systemClock,
      random: Math.random,
      deadline,
      log,
      environment: config.ENVIRONMENT,
    }),
    orThrow(log, "not posted to Slack"),
  );
};
