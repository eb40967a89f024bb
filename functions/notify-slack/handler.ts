import { pipe } from "fp-ts/function";
import * as RTE from "fp-ts/ReaderTaskEither";
import * as t from "io-ts";
import { environmentOf } from "../adapters/environment";
import { slackWebhook } from "../adapters/slack-webhook";
import { eventFunction } from "../edge/event-function";
import type { Invocation } from "../edge/invocation";
import { NOTIFY_SLACK } from "./contract";
import { notifySlack } from "./notify-slack";

const config = environmentOf(NOTIFY_SLACK);

const needs = (invocation: Invocation) => ({
  ...invocation,
  webhook: slackWebhook(config.SLACK_WEBHOOK_PARAMETER, invocation.signal),
  environment: config.ENVIRONMENT,
});

const TopicEvent = t.strict({
  Records: t.readonlyArray(t.strict({ Sns: t.strict({ Message: t.string }) })),
});

/** The topics. Fails what cannot be posted: Lambda asks again twice, then its failure destination has it. */
export const handler = eventFunction(TopicEvent, "not posted to Slack", ({ Records }) =>
  pipe(notifySlack(Records.map(({ Sns }) => Sns.Message)), RTE.local(needs)),
);
