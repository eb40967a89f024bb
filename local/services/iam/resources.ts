import * as t from "io-ts";
import { entry, METADATA } from "../../engine/stack/resource-type";
import { block, many } from "../../engine/stack/block";
import { POLICY_NAME, ROLE_NAME } from "./limits";
import { policyDocument, statement } from "./policy-document";

/** Who may do what: roles give functions their keys, policies are read where permissions are enforced. */
export const resources = {
  aws_iam_role: entry(
    block(
      { name: ROLE_NAME, assume_role_policy: t.string },
      { path: t.string, inline_policy: many(block({ policy: t.string }, { name: POLICY_NAME })) },
    ),
    {
      description: METADATA,
      max_session_duration: "local keys live as long as the platform",
      force_detach_policies: METADATA,
    },
    ({ config }, deployment) => ({
      id: config.name,
      name: config.name,
      arn: `arn:aws:iam::${deployment.account}:role${config.path ?? "/"}${config.name}`,
      unique_id: config.name,
    }),
  ),
  aws_iam_policy: entry(
    block({ name: POLICY_NAME, policy: t.string }, { path: t.string }),
    { description: METADATA },
    ({ config }, deployment) => {
      const own = `arn:aws:iam::${deployment.account}:policy${config.path ?? "/"}${config.name}`;
      return { id: own, arn: own };
    },
  ),
  aws_iam_role_policy: entry(block({ role: t.string, policy: t.string }, { name: POLICY_NAME })),
  aws_iam_role_policy_attachment: entry(block({ role: t.string, policy_arn: t.string }, {})),
  "data.aws_iam_policy_document": entry(
    block({}, { statement: many(statement), version: t.string, policy_id: t.string }),
    {},
    ({ config }) => ({ json: policyDocument(config.statement ?? [], config.version) }),
  ),
  "data.aws_caller_identity": entry(block({}, {}), {}, (_, deployment) => ({
    account_id: deployment.account,
    arn: `arn:aws:iam::${deployment.account}:root`,
    user_id: deployment.account,
  })),
  "data.aws_region": entry(block({}, {}), {}, (_, deployment) => ({
    id: deployment.region,
    name: deployment.region,
    region: deployment.region,
  })),
  "data.aws_partition": entry(block({}, {}), {}, () => ({
    id: "aws",
    partition: "aws",
    dns_suffix: "amazonaws.com",
  })),
};
