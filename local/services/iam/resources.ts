import * as t from "io-ts";
import { block, many } from "../../engine/stack/block";
import { arn, entry, FILES, METADATA } from "../../engine/catalog/entry";
import { policyDocument, statement } from "./policy-document";

/** Who may do what: roles give functions their keys, policies are read where permissions are enforced. */
export const identity = {
  aws_iam_role: entry(
    block(
      { name: t.string, assume_role_policy: t.string },
      { path: t.string, inline_policy: many(block({ policy: t.string }, { name: t.string })) },
    ),
    {
      description: METADATA,
      max_session_duration: "local keys live as long as the platform",
      force_detach_policies: METADATA,
    },
    ({ config }, place) => ({
      id: config.name,
      name: config.name,
      arn: `arn:aws:iam::${place.account}:role${config.path ?? "/"}${config.name}`,
      unique_id: config.name,
    }),
  ),
  aws_iam_policy: entry(
    block({ name: t.string, policy: t.string }, { path: t.string }),
    { description: METADATA },
    ({ config }, place) => {
      const own = `arn:aws:iam::${place.account}:policy${config.path ?? "/"}${config.name}`;
      return { id: own, arn: own };
    },
  ),
  aws_iam_role_policy: entry(block({ role: t.string, policy: t.string }, { name: t.string })),
  aws_iam_role_policy_attachment: entry(block({ role: t.string, policy_arn: t.string }, {})),
  aws_lambda_permission: entry(
    block(
      { action: t.string, function_name: t.string, principal: t.string },
      { source_arn: t.string, source_account: t.string, statement_id: t.string },
    ),
  ),
  aws_sqs_queue_policy: entry(block({ queue_url: t.string, policy: t.string }, {})),
  aws_sns_topic_policy: entry(block({ arn: t.string, policy: t.string }, {})),
  aws_s3_bucket_policy: entry(block({ bucket: t.string, policy: t.string }, {})),
  aws_sqs_queue_redrive_policy: entry(block({ queue_url: t.string, redrive_policy: t.string }, {})),
  aws_kms_key: entry(
    block({}, { policy: t.string }),
    {
      description: FILES,
      enable_key_rotation: FILES,
      deletion_window_in_days: FILES,
      rotation_period_in_days: FILES,
    },
    ({ address }, place) => ({ id: address, key_id: address, arn: arn(place, "kms", `key/${address}`) }),
  ),
  "data.aws_iam_policy_document": entry(
    block({}, { statement: many(statement), version: t.string, policy_id: t.string }),
    {},
    ({ config }) => ({ json: policyDocument(config.statement ?? [], config.version) }),
  ),
  "data.aws_caller_identity": entry(block({}, {}), {}, (_, place) => ({
    account_id: place.account,
    arn: `arn:aws:iam::${place.account}:root`,
    user_id: place.account,
  })),
  "data.aws_region": entry(block({}, {}), {}, (_, place) => ({
    id: place.region,
    name: place.region,
    region: place.region,
  })),
  "data.aws_partition": entry(block({}, {}), {}, () => ({
    id: "aws",
    partition: "aws",
    dns_suffix: "amazonaws.com",
  })),
};
