import * as t from "io-ts";
import { entry, identifier } from "../../engine/stack/resource-type";
import { block, oneOf } from "../../engine/stack/block";
import { arn } from "../../engine/location";
import { TOPIC_NAME } from "./limits";

/** Topics. */
export const resources = {
  aws_sns_topic: entry(
    block({ name: TOPIC_NAME }, { policy: t.string, kms_master_key_id: t.string }),
    {
      display_name: "shown in e-mails only",
      signature_version: "local deliveries are not signed",
      tracing_config: "nothing is traced locally",
      delivery_policy: "for HTTP subscriptions only",
    },
    ({ config }, deployment) => {
      const topic = arn("sns", deployment, config.name);
      return { id: topic, arn: topic, name: config.name };
    },
  ),
  aws_sns_topic_subscription: entry(
    block(
      { topic_arn: t.string, protocol: oneOf("lambda", "sqs", "email", "email-json"), endpoint: t.string },
      {
        filter_policy: t.string,
        filter_policy_scope: t.string,
        raw_message_delivery: t.union([t.boolean, t.string]),
      },
    ),
    {
      redrive_policy: "handing a message to a local queue does not fail",
      endpoint_auto_confirms: "local subscriptions need no confirmation",
      confirmation_timeout_in_minutes: "local subscriptions need no confirmation",
    },
    ({ address, config }) => ({
      id: `${config.topic_arn}:${identifier(address)}`,
      arn: `${config.topic_arn}:${identifier(address)}`,
    }),
  ),
  aws_sns_topic_policy: entry(block({ arn: t.string, policy: t.string }, {})),
};
