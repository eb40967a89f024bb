import type { Environment } from "../../environments/environment";
import { LAMBDA, SCHEDULER, STATES } from "../../modules/policy";
import { destroyGrants } from "./destroy-grants";
import {
  arnsOf,
  boundaryArn,
  bucketArns,
  budgetArns,
  dashboardArns,
  type Grants,
  matching,
  roleArns,
} from "./names";

/** Roles are created and given permissions within the boundary only, and passed to our services only. */
const rolesOf = (environment: Environment): Grants => {
  const roles = roleArns(environment);
  return {
    "write-iam": [
      {
        actions: [
          "iam:CreateRole",
          "iam:DeleteRolePolicy",
          "iam:PutRolePermissionsBoundary",
          "iam:PutRolePolicy",
        ],
        resources: [roles],
        condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn(environment) } },
      },
      {
        actions: [
          "iam:DeleteRole",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
        ],
        resources: [roles],
      },
      {
        actions: ["iam:PassRole"],
        resources: [roles],
        condition: { StringEquals: { "iam:PassedToService": [LAMBDA, STATES, SCHEDULER] } },
      },
    ],
  };
};

/** A key's own policy names who administers it (`keyAdministrators`): here stands what is asked before there is one. */
const keysOf = (environment: Environment): Grants => {
  const { name } = environment;
  const arn = arnsOf(environment);
  const asked = { "aws:RequestTag/environment": name };
  return {
    "write-kms": [
      { actions: ["kms:CreateKey"], resources: ["*"], condition: { [matching(name)]: asked } },
      {
        // A key that is being made has no tag yet; one that has another environment's stays that one's.
        actions: ["kms:TagResource"],
        resources: [arn("kms", "key/*")],
        condition: {
          [matching(name)]: asked,
          [`${matching(name)}IfExists`]: { "aws:ResourceTag/environment": name },
        },
      },
      {
        actions: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
        resources: [arn("kms", `alias/${name}-*`)],
      },
    ],
  };
};

const apisOf = (environment: Environment): Grants => {
  const arn = arnsOf(environment);
  return {
    "write-apigateway": [
      {
        actions: [
          "apigateway:DELETE",
          "apigateway:PATCH",
          "apigateway:POST",
          "apigateway:PUT",
          "apigateway:TagResource",
          "apigateway:UntagResource",
        ],
        resources: [arn("apigateway", "/apis"), arn("apigateway", "/apis/*"), arn("apigateway", "/tags/*")],
      },
      {
        // API Gateway makes it with an account's first API.
        actions: ["iam:CreateServiceLinkedRole"],
        resources: ["arn:aws:iam::*:role/aws-service-role/ops.apigateway.amazonaws.com/*"],
        condition: { StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } },
      },
      {
        // An API's access log is a log delivery, which has no resource to name.
        actions: [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery",
        ],
        resources: ["*"],
      },
    ],
  };
};

const functionsOf = (environment: Environment): Grants => {
  const { name } = environment;
  const arn = arnsOf(environment);
  const functions = arn("lambda", `function:${name}-*`);
  return {
    "write-lambda": [
      {
        actions: [
          "lambda:AddPermission",
          "lambda:CreateFunction",
          "lambda:DeleteFunction",
          "lambda:DeleteFunctionConcurrency",
          "lambda:DeleteFunctionEventInvokeConfig",
          "lambda:PutFunctionConcurrency",
          "lambda:PutFunctionEventInvokeConfig",
          "lambda:RemovePermission",
          "lambda:TagResource",
          "lambda:UntagResource",
          "lambda:UpdateFunctionCode",
          "lambda:UpdateFunctionConfiguration",
        ],
        resources: [functions],
      },
      {
        // For a function of ours; which queue it may read, the function's own role says.
        actions: [
          "lambda:CreateEventSourceMapping",
          "lambda:DeleteEventSourceMapping",
          "lambda:UpdateEventSourceMapping",
        ],
        resources: ["*"],
        condition: { ArnLike: { "lambda:FunctionArn": functions } },
      },
      {
        actions: ["lambda:TagResource", "lambda:UntagResource"],
        resources: [arn("lambda", "event-source-mapping:*")],
      },
    ],
  };
};

const messagingOf = (environment: Environment): Grants => {
  const { name } = environment;
  const arn = arnsOf(environment);
  return {
    "write-sns": [
      {
        actions: [
          "sns:CreateTopic",
          "sns:DeleteTopic",
          "sns:SetTopicAttributes",
          "sns:Subscribe",
          "sns:TagResource",
          "sns:UntagResource",
        ],
        resources: [arn("sns", `${name}-*`)],
      },
      // IAM does not name subscriptions.
      { actions: ["sns:SetSubscriptionAttributes", "sns:Unsubscribe"], resources: ["*"] },
    ],
    "write-sqs": [
      {
        actions: ["sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
        resources: [arn("sqs", `${name}-*`)],
      },
    ],
    "write-states": [
      {
        actions: [
          "states:CreateStateMachine",
          "states:DeleteStateMachine",
          "states:TagResource",
          "states:UntagResource",
          "states:UpdateStateMachine",
        ],
        resources: [arn("states", `stateMachine:${name}-*`)],
      },
    ],
    "write-scheduler": [
      {
        actions: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
        resources: [arn("scheduler", `schedule/default/${name}-*`)],
      },
    ],
  };
};

const keptOf = (environment: Environment): Grants => {
  const { name } = environment;
  const arn = arnsOf(environment);
  return {
    "write-budgets": [
      {
        actions: ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"],
        resources: [budgetArns(environment)],
      },
    ],
    "write-cloudwatch": [
      {
        actions: [
          "cloudwatch:DeleteAlarms",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:TagResource",
          "cloudwatch:UntagResource",
        ],
        resources: [arn("cloudwatch", `alarm:${name}-*`)],
      },
      {
        actions: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
        resources: [dashboardArns(environment)],
      },
    ],
    "write-dynamodb": [
      {
        actions: [
          "dynamodb:CreateTable",
          "dynamodb:TagResource",
          "dynamodb:UntagResource",
          "dynamodb:UpdateContinuousBackups",
          "dynamodb:UpdateTable",
          "dynamodb:UpdateTimeToLive",
        ],
        resources: [arn("dynamodb", `table/${name}-*`)],
      },
    ],
    "write-logs": [
      {
        actions: [
          "logs:CreateLogGroup",
          "logs:DeleteLogGroup",
          "logs:DeleteRetentionPolicy",
          "logs:PutRetentionPolicy",
          "logs:TagResource",
          "logs:UntagResource",
        ],
        resources: [arn("logs", `log-group:/aws/*/${name}-*`)],
      },
      // IAM does not name saved queries.
      { actions: ["logs:DeleteQueryDefinition", "logs:PutQueryDefinition"], resources: ["*"] },
    ],
    "write-s3": [
      {
        actions: [
          "s3:CreateBucket",
          "s3:DeleteBucketPolicy",
          "s3:PutBucketObjectLockConfiguration",
          "s3:PutBucketOwnershipControls",
          "s3:PutBucketPolicy",
          "s3:PutBucketPublicAccessBlock",
          "s3:PutBucketTagging",
          "s3:PutBucketVersioning",
          "s3:PutEncryptionConfiguration",
          "s3:PutLifecycleConfiguration",
        ],
        resources: [bucketArns(environment)],
      },
    ],
  };
};

/**
 * What Terraform writes to make, change and remove an environment's stack; what it reads stands in
 * `plan-grants.ts`.
 */
export const applyGrants = (environment: Environment): Grants => ({
  ...apisOf(environment),
  ...functionsOf(environment),
  ...messagingOf(environment),
  ...keptOf(environment),
  ...keysOf(environment),
  ...rolesOf(environment),
  ...destroyGrants(environment),
});
