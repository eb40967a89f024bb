import type { Environment } from "../../environments/environment";
import type { Grant } from "../../modules/policy";
import { arnsOf, bucketArns, budgetArns, dashboardArns, PATH, roleArns } from "./names";

/** What Terraform reads of the services our stacks use, to tell what there is from what there should be. */
export const planGrants = (environment: Environment): readonly [Grant, ...Grant[]] => {
  const { name, account_id } = environment;
  const arn = arnsOf(environment);
  const functions = arn("lambda", `function:${name}-*`);
  const mappings = arn("lambda", "event-source-mapping:*");
  return [
    {
      // AWS makes up the ids of APIs: those of other environments in the account cannot be told apart.
      actions: ["apigateway:GET"],
      resources: [arn("apigateway", "/apis"), arn("apigateway", "/apis/*"), arn("apigateway", "/tags/*")],
    },
    { actions: ["budgets:ListTagsForResource", "budgets:ViewBudget"], resources: [budgetArns(environment)] },
    { actions: ["cloudwatch:GetDashboard"], resources: [dashboardArns(environment)] },
    { actions: ["cloudwatch:ListTagsForResource"], resources: [arn("cloudwatch", `alarm:${name}-*`)] },
    {
      actions: [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
      ],
      resources: [arn("dynamodb", `table/${name}-*`)],
    },
    {
      actions: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
      ],
      resources: [roleArns(environment)],
    },
    // A list has no resource to name.
    {
      actions: [
        "cloudwatch:DescribeAlarms",
        "kms:ListAliases",
        "logs:DescribeLogGroups",
        "logs:DescribeQueryDefinitions",
      ],
      resources: ["*"],
    },
    {
      actions: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      resources: [functions],
    },
    {
      // DynamoDB's own key, which Terraform asks for by its alias and takes for a change if it gets no answer.
      actions: ["kms:DescribeKey"],
      resources: [arn("kms", "key/*")],
      condition: { StringEquals: { "kms:RequestAlias": "alias/aws/dynamodb" } },
    },
    {
      actions: ["lambda:GetEventSourceMapping"],
      resources: [mappings],
      condition: { ArnLike: { "lambda:FunctionArn": functions } },
    },
    { actions: ["lambda:ListTags"], resources: [mappings] },
    { actions: ["logs:ListTagsForResource"], resources: [arn("logs", `log-group:/aws/*/${name}-*`)] },
    {
      actions: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ],
      resources: [bucketArns(environment)],
    },
    { actions: ["scheduler:GetSchedule"], resources: [arn("scheduler", `schedule/default/${name}-*`)] },
    {
      actions: ["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"],
      resources: [arn("sns", `${name}-*`)],
    },
    // IAM does not name subscriptions.
    { actions: ["sns:GetSubscriptionAttributes"], resources: ["*"] },
    {
      actions: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
      resources: [arn("sqs", `${name}-*`)],
    },
    {
      actions: [
        "states:DescribeStateMachine",
        "states:ListStateMachineVersions",
        "states:ListTagsForResource",
      ],
      resources: [arn("states", `stateMachine:${name}-*`)],
    },
    // What preflight looks at: that secrets exist, never what they are; quotas; what the account's stack made.
    { actions: ["ssm:DescribeParameters", "lambda:GetAccountSettings"], resources: ["*"] },
    { actions: ["iam:ListOpenIDConnectProviders"], resources: ["*"] },
    {
      actions: ["iam:GetRole", "iam:GetPolicy"],
      resources: [
        `arn:aws:iam::${account_id}:role${PATH}${name}-*`,
        `arn:aws:iam::${account_id}:policy${PATH}${name}-*`,
      ],
    },
    { actions: ["s3:GetBucketLocation"], resources: [`arn:aws:s3:::*-${account_id}`] },
    // Validates a text, which no ARN names.
    { actions: ["states:ValidateStateMachineDefinition"], resources: ["*"] },
  ];
};
