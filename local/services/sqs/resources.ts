import * as t from "io-ts";
import { entry, FILES } from "../../engine/stack/resource-type";
import { block, number } from "../../engine/stack/block";
import { arn } from "../../engine/location";
import { QUEUE_NAME } from "./limits";

/** Queues. */
export const resources = {
  aws_sqs_queue: entry(
    block(
      { name: QUEUE_NAME },
      {
        visibility_timeout_seconds: number,
        message_retention_seconds: number,
        max_message_size: number,
        delay_seconds: number,
        receive_wait_time_seconds: number,
        redrive_policy: t.string,
        policy: t.string,
        kms_master_key_id: t.string,
      },
    ),
    {
      redrive_allow_policy: "messages move only as a redrive policy says",
      sqs_managed_sse_enabled: FILES,
      kms_data_key_reuse_period_seconds: FILES,
    },
    ({ config }, deployment) => {
      const url = `${deployment.awsUrl}/${deployment.account}/${config.name}`;
      return { id: url, url, name: config.name, arn: arn("sqs", deployment, config.name) };
    },
  ),
  aws_sqs_queue_policy: entry(block({ queue_url: t.string, policy: t.string }, {})),
  aws_sqs_queue_redrive_policy: entry(block({ queue_url: t.string, redrive_policy: t.string }, {})),
};
