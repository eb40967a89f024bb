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
  "xray:PutTraceSegments": "traces",
  "xray:PutTelemetryRecords": "traces",
  "logs:CreateLogDelivery": "a state machine's log",
  "logs:GetLogDelivery": "a state machine's log",
  "logs:UpdateLogDelivery": "a state machine's log",
  "logs:DeleteLogDelivery": "a state machine's log",
  "logs:ListLogDeliveries": "a state machine's log",
  "logs:PutResourcePolicy": "a state machine's log",
  "logs:DescribeResourcePolicies": "a state machine's log",
  "logs:DescribeLogGroups": "a state machine's log",
};

export const IDENTITY: ReadonlyArray<Rule> = [
  {
    sentence: "Every role is taken on by one service, for this account where the service says for which",
    checkov: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358"],
    check: eachStatement(TRUST_POLICIES, ({ principal, actions, condition }, { environment }) => {
      const service = at(principal, "Service");
      if (typeof service !== "string" || at(principal, "AWS") !== undefined)
        return "let one service take it on, nobody else";
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
    checkov: ["CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40"],
    trivy: ["AWS-0345"],
    check: eachStatement(IDENTITY_POLICIES, ({ actions }) => {
      const wild = actions.find((action) => action.includes("*"));
      return wild === undefined ? undefined : `name the actions ${wild} stands for`;
    }),
  },
  {
    sentence: "No role acts on everything where the service lets a resource be named, or passes roles on",
    trivy: ["AWS-0057", "AWS-0342", "AWS-0346"],
    check: eachStatement(IDENTITY_POLICIES, ({ actions, resources: named }) => {
      if (actions.some((action) => /^iam:PassRole$/i.test(action))) return "no function passes roles on";
      const nameable = actions.find((action) => !Object.hasOwn(WITHOUT_RESOURCE, action));
      return named.includes("*") && nameable !== undefined ? `name the resource of ${nameable}` : undefined;
    }),
  },
  {
    sentence: "No role has a policy somebody else writes",
    checkov: ["CKV_AWS_274", "CKV2_AWS_56"],
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
