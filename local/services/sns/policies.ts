import type { DeclaredStack } from "../catalog";
import { type Encryption, resourcePolicy, type DeclaredPolicy } from "../iam/declared-policy";
import { resources } from "./resources";

export const topicPolicies = (stack: DeclaredStack): ReadonlyArray<DeclaredPolicy> => [
  ...stack(resources.aws_sns_topic).flatMap(({ address, config, attribute }) =>
    config.policy === undefined ? [] : [resourcePolicy(attribute("arn"), address, config.policy)],
  ),
  ...stack(resources.aws_sns_topic_policy).map(({ address, config }) =>
    resourcePolicy(config.arn, address, config.policy),
  ),
];

export const topicKeys = (stack: DeclaredStack): ReadonlyArray<Encryption> =>
  stack(resources.aws_sns_topic).map(({ address, config, attribute }) => ({
    address: `${address}: kms_master_key_id`,
    of: attribute("arn"),
    key: config.kms_master_key_id,
  }));
