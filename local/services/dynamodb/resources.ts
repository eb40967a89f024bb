import * as t from "io-ts";
import { block, many, number, one, oneOf } from "../../engine/stack/block";
import { arn, entry, FILES, identifier } from "../../engine/catalog/entry";

const index = block(
  { name: t.string, hash_key: t.string, projection_type: oneOf("ALL", "KEYS_ONLY", "INCLUDE") },
  { range_key: t.string, non_key_attributes: t.readonlyArray(t.string) },
);
const localIndex = block(
  { name: t.string, range_key: t.string, projection_type: oneOf("ALL", "KEYS_ONLY", "INCLUDE") },
  { non_key_attributes: t.readonlyArray(t.string) },
);

export const storage = {
  aws_dynamodb_table: entry(
    block(
      {
        name: t.string,
        hash_key: t.string,
        attribute: many(block({ name: t.string, type: oneOf("S", "N", "B") }, {})),
      },
      { range_key: t.string, global_secondary_index: many(index), local_secondary_index: many(localIndex) },
    ),
    {
      billing_mode: "no capacity is counted locally",
      table_class: "no price is counted locally",
      on_demand_throughput: "no capacity is counted locally",
      deletion_protection_enabled: "nothing deletes a local table but --fresh",
      point_in_time_recovery: "the data folder is the only copy",
      server_side_encryption: FILES,
      ttl: "dynalite expires nothing: an item outlives its time here, which AWS allows for days too",
    },
    ({ config }, place) => ({
      id: config.name,
      name: config.name,
      arn: arn(place, "dynamodb", `table/${config.name}`),
    }),
  ),
  aws_s3_bucket: entry(
    block({ bucket: t.string }, {}),
    {
      force_destroy: "nothing deletes a local bucket but --fresh",
      object_lock_enabled: "nothing deletes a local bucket but --fresh",
    },
    ({ config }) => ({
      id: config.bucket,
      arn: `arn:aws:s3:::${config.bucket}`,
      bucket_domain_name: `${config.bucket}.s3.amazonaws.com`,
    }),
  ),
  /** Read for whose key it is; the files themselves are not encrypted. */
  aws_s3_bucket_server_side_encryption_configuration: entry(
    block(
      { bucket: t.string },
      {
        rule: many(
          block(
            {},
            {
              apply_server_side_encryption_by_default: one(
                block({ sse_algorithm: t.string }, { kms_master_key_id: t.string }),
              ),
            },
          ),
        ),
      },
    ),
    { "rule.bucket_key_enabled": FILES },
  ),
  aws_sqs_queue: entry(
    block(
      { name: t.string },
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
    ({ config }, place) => {
      const url = `${place.awsUrl}/${place.account}/${config.name}`;
      return { id: url, url, name: config.name, arn: arn(place, "sqs", config.name) };
    },
  ),
  aws_sns_topic: entry(
    block({ name: t.string }, { policy: t.string, kms_master_key_id: t.string }),
    {
      display_name: "shown in e-mails only",
      signature_version: "local deliveries are not signed",
      tracing_config: "nothing is traced locally",
      delivery_policy: "for HTTP subscriptions only",
    },
    ({ config }, place) => {
      const topic = arn(place, "sns", config.name);
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
};
