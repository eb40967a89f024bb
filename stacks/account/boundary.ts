import type { Environment } from "../../environments/environment";
import { LOG_DELIVERY } from "../../modules/log-group";
import type { Grant } from "../../modules/policy";
import { SAMPLING, TRACING } from "../../modules/role";
import { arnsOf, bucketArns } from "./names";

/**
 * What a role of an environment's stack may do at most, whatever its own policies say: work with the
 * environment's own things. Nothing of IAM, nothing that makes or removes any of them.
 */
export const boundaryGrants = (environment: Environment): readonly [Grant, ...Grant[]] => {
  const { name, slack_webhook_parameter: webhook, auction } = environment;
  const arn = arnsOf(environment);
  return [
    {
      actions: [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
      ],
      resources: [arn("dynamodb", `table/${name}-*`)],
    },
    // Lambda reads the orders' stream in the name of a function.
    {
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [arn("dynamodb", `table/${name}-*/stream/*`)],
    },
    { actions: ["dynamodb:ListStreams"], resources: ["*"] },
    {
      actions: [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
      ],
      resources: [arn("sqs", `${name}-*`)],
    },
    { actions: ["sns:Publish"], resources: [arn("sns", `${name}-*`)] },
    { actions: ["s3:GetObject", "s3:PutObject"], resources: [`${bucketArns(environment)}/*`] },
    {
      // By way of what is encrypted, AWS's own keys of parameters and tables among them. Not by a key's tags:
      // KMS does not see them for minutes after a key was made.
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [arn("kms", "key/*")],
      condition: {
        StringEquals: {
          "kms:ViaService": ["dynamodb", "sns", "ssm"].map(
            (service) => `${service}.${environment.region}.amazonaws.com`,
          ),
        },
      },
    },
    { actions: ["lambda:InvokeFunction"], resources: [arn("lambda", `function:${name}-*`)] },
    { actions: ["states:StartExecution"], resources: [arn("states", `stateMachine:${name}-*`)] },
    { actions: ["execute-api:Invoke"], resources: [arn("execute-api", "*/$default/*")] },
    {
      actions: ["ssm:GetParameter"],
      resources: [
        arn("ssm", `parameter${webhook}`),
        ...(auction.type === "http" ? [arn("ssm", `parameter${auction.key_parameter}`)] : []),
      ],
    },
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [arn("logs", `log-group:/aws/lambda/${name}-*`)],
    },
    LOG_DELIVERY,
    TRACING,
    SAMPLING,
  ];
};
