import { actionsNamed, takes } from "../security/grants/reference";
import type { Access } from "./asked.mts";
import { ACCOUNT } from "./account-memory.mts";
import { arn, json, needs, OWNER, query, remembering, rest, s3 } from "./support";
import { accessesOf } from "./requests.mts";
import type { Call } from "./wire.mts";

const tagged = { "aws:RequestTag/owner": "desk", "aws:TagKeys": ["owner"] };
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/account/dev-boundary`;
const passing = (name: string, service: string): Access => ({
  action: "iam:PassRole",
  resource: role(name),
  context: { "iam:PassedToService": `${service}.amazonaws.com` },
});
const needing = (action: string, resource: string, context = {}): Access => ({ action, resource, context });

const FUNCTION = arn("lambda", "function:dev-x");
const MACHINE = arn("states", "stateMachine:dev-results");
const API = "arn:aws:apigateway:eu-central-1::/apis";
const ALARM = arn("cloudwatch", "alarm:dev-a");
const BUCKET = `arn:aws:s3:::dev-archive-${ACCOUNT}`;
const BUDGET = `arn:aws:budgets::${ACCOUNT}:budget/dev-orders`;
const NEW = "00000000-0000-0000-0000-000000000000";
const LOCKED = { "x-amz-bucket-object-lock-enabled": "true", "x-amz-acl": "private" };

const cases: ReadonlyArray<readonly [what: string, call: Call, needed: ReadonlyArray<Access>]> = [
  [
    "a queue with tags",
    json("sqs", "AmazonSQS.CreateQueue", { QueueName: "dev-orders", tags: { owner: "desk" } }),
    [
      needing("sqs:CreateQueue", arn("sqs", "dev-orders"), tagged),
      needing("sqs:TagQueue", arn("sqs", "dev-orders"), tagged),
    ],
  ],
  [
    "a queue by its URL",
    json("sqs", "AmazonSQS.DeleteQueue", { QueueUrl: `http://127.0.0.1:1/${ACCOUNT}/dev-orders` }),
    [needing("sqs:DeleteQueue", arn("sqs", "dev-orders"))],
  ],
  [
    "a subscription",
    query("sns", {
      Action: "Subscribe",
      TopicArn: arn("sns", "dev-t"),
      Protocol: "lambda",
      Endpoint: FUNCTION,
    }),
    [needing("sns:Subscribe", arn("sns", "dev-t"), { "sns:Protocol": "lambda", "sns:Endpoint": FUNCTION })],
  ],
  [
    "what only has a subscription's ARN",
    query("sns", { Action: "Unsubscribe", SubscriptionArn: arn("sns", "dev-t:1") }),
    [needing("sns:Unsubscribe", "*")],
  ],
  [
    "a function with a role and tags",
    rest("lambda", "POST", "/2015-03-31/functions", {
      FunctionName: "dev-x",
      Role: role("dev-x"),
      Tags: { owner: "desk" },
    }),
    [
      needing("lambda:CreateFunction", FUNCTION, tagged),
      needing("lambda:TagResource", FUNCTION, tagged),
      passing("dev-x", "lambda"),
    ],
  ],
  [
    "a function's configuration without its role",
    rest("lambda", "PUT", "/2015-03-31/functions/dev-x/configuration", { MemorySize: 512 }),
    [needing("lambda:UpdateFunctionConfiguration", FUNCTION)],
  ],
  [
    "an event source mapping, which has no name yet",
    rest("lambda", "POST", "/2015-03-31/event-source-mappings", {
      FunctionName: FUNCTION,
      Tags: { owner: "desk" },
    }),
    [
      needing("lambda:CreateEventSourceMapping", "*", { ...tagged, "lambda:FunctionArn": FUNCTION }),
      needing("lambda:TagResource", arn("lambda", `event-source-mapping:${NEW}`), tagged),
    ],
  ],
  [
    "tags that go",
    rest("lambda", "DELETE", `/2017-03-31/tags/${encodeURIComponent(FUNCTION)}?tagKeys=owner&tagKeys=team`),
    [needing("lambda:UntagResource", FUNCTION, { "aws:TagKeys": ["owner", "team"] })],
  ],
  [
    "a state machine with a role",
    json("states", "AWSStepFunctions.CreateStateMachine", {
      name: "dev-results",
      roleArn: role("dev-r"),
      tags: OWNER,
    }),
    [
      needing("states:CreateStateMachine", MACHINE, tagged),
      needing("states:TagResource", MACHINE, tagged),
      passing("dev-r", "states"),
    ],
  ],
  [
    "a schedule",
    rest("scheduler", "PUT", "/schedules/dev-sweep", {
      GroupName: "default",
      Target: { RoleArn: role("dev-s") },
    }),
    [
      needing("scheduler:UpdateSchedule", arn("scheduler", "schedule/default/dev-sweep")),
      passing("dev-s", "scheduler"),
    ],
  ],
  [
    "a role within a boundary, with tags",
    query("iam", {
      Action: "CreateRole",
      RoleName: "dev-x",
      Path: "/",
      PermissionsBoundary: BOUNDARY,
      "Tags.member.1.Key": "owner",
      "Tags.member.1.Value": "desk",
    }),
    [
      needing("iam:CreateRole", role("dev-x"), { ...tagged, "iam:PermissionsBoundary": BOUNDARY }),
      needing("iam:TagRole", role("dev-x"), tagged),
    ],
  ],
  [
    "a log group, and all of them",
    json("logs", "Logs_20140328.PutRetentionPolicy", {
      logGroupName: "/aws/lambda/dev-x",
      retentionInDays: 60,
    }),
    [needing("logs:PutRetentionPolicy", arn("logs", "log-group:/aws/lambda/dev-x:log-stream:"))],
  ],
  [
    "a key with tags, which has no name yet",
    json("kms", "TrentService.CreateKey", { Tags: [{ TagKey: "owner", TagValue: "desk" }] }),
    [needing("kms:CreateKey", "*", tagged), needing("kms:TagResource", arn("kms", `key/${NEW}`), tagged)],
  ],
  [
    "a key by its alias",
    json("kms", "TrentService.DescribeKey", { KeyId: "alias/aws/dynamodb" }),
    [
      needing("kms:DescribeKey", arn("kms", "key/of-alias/aws/dynamodb"), {
        "kms:RequestAlias": "alias/aws/dynamodb",
      }),
    ],
  ],
  [
    "an alias and its key",
    json("kms", "TrentService.CreateAlias", { AliasName: "alias/dev-t", TargetKeyId: "k1" }),
    [needing("kms:CreateAlias", arn("kms", "alias/dev-t")), needing("kms:CreateAlias", arn("kms", "key/k1"))],
  ],
  [
    "several alarms",
    query("monitoring", {
      Action: "DeleteAlarms",
      "AlarmNames.member.1": "dev-a",
      "AlarmNames.member.2": "dev-b",
    }),
    [
      needing("cloudwatch:DeleteAlarms", ALARM),
      needing("cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:dev-b")),
    ],
  ],
  [
    "a dashboard",
    query("monitoring", { Action: "PutDashboard", DashboardName: "dev-orders", DashboardBody: "{}" }),
    [needing("cloudwatch:PutDashboard", `arn:aws:cloudwatch::${ACCOUNT}:dashboard/dev-orders`)],
  ],
  [
    "several dashboards",
    query("monitoring", { Action: "DeleteDashboards", "DashboardNames.member.1": "dev-orders" }),
    [needing("cloudwatch:DeleteDashboards", `arn:aws:cloudwatch::${ACCOUNT}:dashboard/dev-orders`)],
  ],
  [
    "a budget with tags",
    json("budgets", "AWSBudgetServiceGateway.CreateBudget", {
      AccountId: ACCOUNT,
      Budget: { BudgetName: "dev-orders" },
      ResourceTags: [{ Key: "owner", Value: "desk" }],
    }),
    [needing("budgets:ModifyBudget", BUDGET, tagged), needing("budgets:TagResource", BUDGET, tagged)],
  ],
  [
    "who is told of a budget",
    json("budgets", "AWSBudgetServiceGateway.DescribeSubscribersForNotification", {
      AccountId: ACCOUNT,
      BudgetName: "dev-orders",
    }),
    [needing("budgets:ViewBudget", BUDGET)],
  ],
  [
    "the tags of a budget",
    json("budgets", "AWSBudgetServiceGateway.UntagResource", {
      ResourceARN: BUDGET,
      ResourceTagKeys: ["owner"],
    }),
    [needing("budgets:UntagResource", BUDGET, { "aws:TagKeys": ["owner"] })],
  ],
  [
    "a saved query",
    json("logs", "Logs_20140328.PutQueryDefinition", { name: "dev-orders", logGroupNames: ["a"] }),
    [needing("logs:PutQueryDefinition", "*")],
  ],
  [
    "a stage with an access log and tags",
    rest("apigateway", "POST", "/v2/apis/a1/stages", {
      stageName: "$default",
      accessLogSettings: {},
      tags: { owner: "desk" },
    }),
    [
      needing("apigateway:POST", `${API}/a1/stages`, tagged),
      needing("apigateway:TagResource", `${API}/a1/stages/$default`, tagged),
      needing("logs:CreateLogDelivery", "*"),
      needing("logs:DescribeResourcePolicies", "*"),
      needing("logs:PutResourcePolicy", "*"),
    ],
  ],
  [
    "a bucket that will lock its objects",
    s3("PUT", `/dev-archive-${ACCOUNT}`, LOCKED),
    [
      needing("s3:CreateBucket", BUCKET),
      needing("s3:PutBucketObjectLockConfiguration", BUCKET),
      needing("s3:PutBucketVersioning", BUCKET),
    ],
  ],
  [
    "objects' versions against their retention",
    s3(
      "POST",
      `/dev-archive-${ACCOUNT}?delete=`,
      { "x-amz-bypass-governance-retention": "true" },
      "<Delete><Object><Key>a/b</Key><VersionId>1</VersionId></Object></Delete>",
    ),
    [
      needing("s3:DeleteObjectVersion", `${BUCKET}/a/b`),
      needing("s3:BypassGovernanceRetention", `${BUCKET}/a/b`),
    ],
  ],
];

describe.each(cases)("%s", (_, call, needed) => {
  it("needs these actions, on these resources, and states this", () => {
    expect(needs(call)).toEqual(needed);
  });

  it("needs what AWS's reference knows, on what that says it takes", async () => {
    for (const { action, resource } of needed) {
      const [known] = await actionsNamed(action);
      expect([action, known !== undefined && takes(known, resource)]).toEqual([action, true]);
    }
  });
});

it("states the region, which for IAM is one for all", () => {
  const region = (call: Call) => {
    const accesses = accessesOf(call, remembering());
    return typeof accesses === "string" ? accesses : accesses[0]?.context["aws:RequestedRegion"];
  };
  expect(region(query("iam", { Action: "GetRole", RoleName: "dev-x" }))).toBe("us-east-1");
  expect(region(json("sqs", "AmazonSQS.GetQueueUrl", { QueueName: "q" }))).toBe("eu-central-1");
});

it("says of a call that stands in no table that it does not know", () => {
  expect(needs(rest("lambda", "GET", "/2099-01-01/new-things"))).toBe(
    "no table here says what lambda GET /2099-01-01/new-things needs",
  );
  expect(needs(json("rds", "RDS.CreateDBCluster", {}))).toBe(
    "no table here says what rds CreateDBCluster needs",
  );
});
