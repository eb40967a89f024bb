import * as t from "io-ts";
import {
  all,
  at,
  each,
  eachStatement,
  IDENTITY_POLICIES,
  resources,
  type Rule,
  TRUST_POLICIES,
} from "./rule";

/** Actions for which IAM knows no resource (Service Authorization Reference), and why each is there. */
const WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  "dynamodb:ListStreams": "the orders' stream",
  "xray:PutTraceSegments": "traces",
  "xray:PutTelemetryRecords": "traces",
  "xray:GetSamplingRules": "traces",
  "xray:GetSamplingTargets": "traces",
  "logs:CreateLogDelivery": "a state machine's log",
  "logs:GetLogDelivery": "a state machine's log",
  "logs:UpdateLogDelivery": "a state machine's log",
  "logs:DeleteLogDelivery": "a state machine's log",
  "logs:ListLogDeliveries": "a state machine's log",
  "logs:PutResourcePolicy": "a state machine's log",
  "logs:DescribeResourcePolicies": "a state machine's log",
  "logs:DescribeLogGroups": "a state machine's log",
};

/** The services that act for us. */
const TAKERS: ReadonlyArray<unknown> = [
  "lambda.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
];
const isTaker = (service: unknown): boolean => TAKERS.includes(service);

/**
 * One thing: an attribute of a resource of this stack, what lies under it by a path (an index, a route, objects
 * by a prefix, a group's streams), or an ARN with region, account and name.
 */
const NAMED = /^(\$\{aws_\w+\.\w+\.\w+\}(:\*|\/[^*?]+\*?)?|arn:aws:[a-z-]+:[a-z0-9-]+:\d{12}:[^*?]+)$/;

/** The services orders pass through; of those that run code, only to have it run. */
const USED =
  /^(dynamodb|kms|logs|s3|sns|sqs|ssm|xray):|^(lambda:InvokeFunction|states:StartExecution|execute-api:Invoke)$/;

export const IDENTITY: ReadonlyArray<Rule> = [
  {
    sentence: "Every role is assumed by one service, for this account where the service says for which",
    check: eachStatement(TRUST_POLICIES, ({ principal, actions, condition }, { environment }) => {
      const service = at(principal, "Service");
      if (!t.UnknownRecord.is(principal) || Object.keys(principal).length !== 1 || !isTaker(service))
        return `let one service take it on, nobody else: ${TAKERS.join(", ")}`;
      if (actions.join() !== "sts:AssumeRole") return "allow sts:AssumeRole alone";
      // Lambda states no account when it takes a role on.
      if (service === "lambda.amazonaws.com") return undefined;
      return at(condition, "StringEquals.aws:SourceAccount") === environment.account_id
        ? undefined
        : "bind the service by aws:SourceAccount";
    }),
  },
  {
    sentence: "No role has an action by a wildcard",
    check: eachStatement(IDENTITY_POLICIES, ({ actions }) => {
      const wild = actions.find((action) => action.includes("*"));
      return wild === undefined ? undefined : `name the actions ${wild} stands for`;
    }),
  },
  {
    sentence:
      "No role hands on permissions, or changes what others run: it uses the services orders pass through",
    check: eachStatement(IDENTITY_POLICIES, ({ actions }) => {
      const other = actions.find((action) => !USED.test(action));
      return other === undefined ? undefined : `${other}: no function needs it`;
    }),
  },
  {
    sentence: "No role acts on everything where the service lets a resource be named",
    check: eachStatement(IDENTITY_POLICIES, ({ actions, resources: named }) => {
      const nameable = actions.find((action) => !Object.hasOwn(WITHOUT_RESOURCE, action));
      if (nameable === undefined) return undefined;
      const vague = named.find((one) => !NAMED.test(one));
      return named.length > 0 && vague === undefined
        ? undefined
        : `name the resource of ${nameable}${vague === undefined ? "" : `, not ${vague}`}`;
    }),
  },
  {
    sentence: "No role has a policy somebody else writes",
    check: all(
      (stack) =>
        resources(stack, "aws_iam_role_policy_attachment").map(({ address }) => ({
          address,
          problem: "grant what is needed by a policy of this stack",
        })),
      each("aws_iam_role", ({ attributes }) =>
        attributes["managed_policy_arns"] === undefined
          ? undefined
          : "grant what is needed by a policy of this stack",
      ),
    ),
  },
];
