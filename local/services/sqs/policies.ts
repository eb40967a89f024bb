import { StartError } from "../../start-error";
import type { DeclaredStack } from "../catalog";
import { type Encryption, resourcePolicy, type DeclaredPolicy } from "../iam/declared-policy";
import { resources } from "./resources";

export const queuePolicies = (stack: DeclaredStack): ReadonlyArray<DeclaredPolicy> => {
  const queues = new Map(
    stack(resources.aws_sqs_queue).map(({ attribute }) => [attribute("url"), attribute("arn")] as const),
  );
  return [
    ...stack(resources.aws_sqs_queue).flatMap(({ address, config, attribute }) =>
      config.policy === undefined ? [] : [resourcePolicy(attribute("arn"), address, config.policy)],
    ),
    ...stack(resources.aws_sqs_queue_policy).map(({ address, config }) => {
      const queue = queues.get(config.queue_url);
      if (queue === undefined) throw new StartError(`${address}: queue_url: is no queue of this stack`);
      return resourcePolicy(queue, address, config.policy);
    }),
  ];
};

export const queueKeys = (stack: DeclaredStack): ReadonlyArray<Encryption> =>
  stack(resources.aws_sqs_queue).map(({ address, config, attribute }) => ({
    address: `${address}: kms_master_key_id`,
    of: attribute("arn"),
    key: config.kms_master_key_id,
  }));
