import { StartError } from "../../start-error";
import type { DeclaredStack } from "../catalog";
import { resourcePolicy, type DeclaredPolicy } from "../iam/declared-policy";
import { resources } from "./resources";

/** A permission is one statement of its function's policy. */
export const functionPolicies = (stack: DeclaredStack): ReadonlyArray<DeclaredPolicy> =>
  stack(resources.aws_lambda_permission).map(({ address, config }) => {
    const target = stack(resources.aws_lambda_function).find(
      (one) =>
        one.attribute("arn") === config.function_name || one.config.function_name === config.function_name,
    );
    if (target === undefined) throw new StartError(`${address}: function_name: is no function of this stack`);
    const { principal, source_arn, source_account } = config;
    return resourcePolicy(target.attribute("arn"), address, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: principal.endsWith(".amazonaws.com") ? { Service: principal } : { AWS: principal },
          Action: config.action,
          Resource: target.attribute("arn"),
          Condition: {
            ...(source_arn === undefined ? {} : { ArnLike: { "aws:SourceArn": source_arn } }),
            ...(source_account === undefined
              ? {}
              : { StringEquals: { "aws:SourceAccount": source_account } }),
          },
        },
      ],
    });
  });
