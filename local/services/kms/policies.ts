import { StartError } from "../../start-error";
import type { DeclaredStack } from "../catalog";
import { resourcePolicy, type DeclaredPolicy } from "../iam/declared-policy";
import { resources } from "./resources";

export const keyPolicies = (stack: DeclaredStack): ReadonlyArray<DeclaredPolicy> =>
  stack(resources.aws_kms_key).flatMap(({ address, config, attribute }) =>
    config.policy === undefined ? [] : [resourcePolicy(attribute("arn"), address, config.policy)],
  );

/** The ARN of a key of the stack by what a resource writes for it. */
export const keyArn = (stack: DeclaredStack, address: string, written: string): string => {
  const key = stack(resources.aws_kms_key).find(({ attribute }) =>
    [attribute("arn"), attribute("id"), attribute("key_id")].includes(written),
  );
  if (key === undefined)
    throw new StartError(
      `${address}: ${written} is no key of this stack, so nobody here knows who may use it`,
    );
  return key.attribute("arn");
};
