import type { Environment } from "../../environments/environment";
import { accountOf } from "../stacks/account/accounts";
import { declaredEnvironment } from "../support/synth";
import { ACCOUNT } from "./account-memory.mts";
import { refusalOf, type RunRole } from "./judge.mts";
import { accessesOf } from "./requests.mts";
import { rolesIn } from "./roles.mts";
import { type Answered, arn, json, query, remembering, rest, s3 } from "./support";
import type { Call } from "./wire.mts";

/** The account's stack, as it would be in the emulator's account. */
const rolesOf = (
  name: string,
  change: (environment: Environment) => Environment = (environment) => environment,
  written: (policies: string) => string = (policies) => policies,
) => {
  const { environment, declared } = accountOf(name, change);
  return rolesIn(JSON.parse(written(declared.text.replaceAll(environment.account_id, ACCOUNT))));
};

const keyPolicyIn = (name: string): string => {
  const key = declaredEnvironment(name).one("aws_kms_key.topics_key");
  return String(key["policy"]).replaceAll(/(?<=:)\d{12}(?=:)/g, ACCOUNT);
};

const KEY = { KeyMetadata: { Arn: arn("kms", "key/k1") } };
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/account/dev-boundary`;
const FUNCTION = arn("lambda", "function:dev-submit-orders");
const QUEUE = { QueueUrl: `http://127.0.0.1:1/${ACCOUNT}/dev-orders` };
const OWNER = { owner: "another-desk" };
const PAIR = { "Tags.member.1.Key": "owner", "Tags.member.1.Value": "another-desk" };

const keyWith = (policy: string): Answered => [
  json("kms", "TrentService.CreateKey", {
    Policy: policy,
    Tags: [{ TagKey: "environment", TagValue: "dev" }],
  }),
  KEY,
];

const made: ReadonlyArray<Answered> = [
  keyWith(keyPolicyIn("dev")),
  [query("iam", { Action: "CreateRole", RoleName: "dev-submit-orders", PermissionsBoundary: BOUNDARY })],
  [query("iam", { Action: "CreateRole", RoleName: "dev-unbound" })],
  [rest("lambda", "POST", "/2015-03-31/event-source-mappings", { FunctionName: FUNCTION }), { UUID: "u1" }],
];

const asked = (role: RunRole, call: Call, before: ReadonlyArray<Answered> = made) => {
  const memory = remembering(...before);
  return refusalOf(role, accessesOf(call, memory), memory);
};

const retagKey = json("kms", "TrentService.TagResource", {
  KeyId: "k1",
  Tags: [{ TagKey: "owner", TagValue: "x" }],
});
const tagPath = (service: string, of: string) =>
  rest(service, "POST", `/${service === "lambda" ? "2017-03-31" : "v2"}/tags/${encodeURIComponent(of)}`, {
    Tags: OWNER,
    tags: OWNER,
  });

const dev = rolesOf("dev");
const apply = dev("dev", "apply");

describe("the apply role of dev may change", () => {
  it.each<[string, Call]>([
    ["a queue's owner", json("sqs", "AmazonSQS.TagQueue", { ...QUEUE, Tags: OWNER })],
    [
      "a topic's owner",
      query("sns", { Action: "TagResource", ResourceArn: arn("sns", "dev-alarms"), ...PAIR }),
    ],
    [
      "a table's owner",
      json("dynamodb", "DynamoDB_20120810.TagResource", {
        ResourceArn: arn("dynamodb", "table/dev-orders"),
        Tags: [],
      }),
    ],
    [
      "a log group's owner",
      json("logs", "Logs_20140328.TagResource", {
        resourceArn: arn("logs", "log-group:/aws/lambda/dev-x"),
        tags: OWNER,
      }),
    ],
    ["a function's owner", tagPath("lambda", FUNCTION)],
    ["an event source mapping's owner", tagPath("lambda", arn("lambda", "event-source-mapping:u1"))],
    ["an API's owner", tagPath("apigateway", "arn:aws:apigateway:eu-central-1::/apis/a1")],
    [
      "a state machine's owner",
      json("states", "AWSStepFunctions.TagResource", {
        resourceArn: arn("states", "stateMachine:dev-r"),
        tags: [],
      }),
    ],
    ["a role's owner", query("iam", { Action: "TagRole", RoleName: "dev-submit-orders", ...PAIR })],
    ["a key's owner", retagKey],
    ["which tags a key has", json("kms", "TrentService.UntagResource", { KeyId: "k1", TagKeys: ["team"] })],
    [
      "an alarm's owner",
      query("monitoring", { Action: "TagResource", ResourceARN: arn("cloudwatch", "alarm:dev-a"), ...PAIR }),
    ],
    ["a bucket's owner", s3("PUT", `/dev-orders-archive-${ACCOUNT}?tagging=`)],
    [
      "a function's memory",
      rest("lambda", "PUT", "/2015-03-31/functions/dev-submit-orders/configuration", { MemorySize: 512 }),
    ],
    [
      "a schedule",
      rest("scheduler", "PUT", "/schedules/dev-sweep", {
        Target: { RoleArn: `arn:aws:iam::${ACCOUNT}:role/dev-s` },
      }),
    ],
    ["a retention", json("logs", "Logs_20140328.PutRetentionPolicy", { logGroupName: "/aws/lambda/dev-x" })],
    ["an event source mapping", rest("lambda", "PUT", "/2015-03-31/event-source-mappings/u1", {})],
    [
      "what a role within the boundary may do",
      query("iam", { Action: "PutRolePolicy", RoleName: "dev-submit-orders" }),
    ],
  ])("%s", (_, call) => {
    expect(asked(apply, call)).toBeUndefined();
  });
});

describe("a refusal names the action, the resource, the role and the statement", () => {
  it.each<[string, RunRole, Call, string]>([
    [
      "of what its plan role may only read",
      dev("dev", "plan"),
      rest("lambda", "PUT", "/2015-03-31/functions/dev-x/configuration", {}),
      `role account/dev-hcp-plan lacks: {"Effect":"Allow","Action":"lambda:UpdateFunctionConfiguration","Resource":"${arn("lambda", "function:dev-x")}"}`,
    ],
    [
      "of another environment's queue",
      apply,
      json("sqs", "AmazonSQS.TagQueue", {
        QueueUrl: `http://127.0.0.1:1/${ACCOUNT}/prod-orders`,
        Tags: OWNER,
      }),
      `"Action":"sqs:TagQueue","Resource":"${arn("sqs", "prod-orders")}"`,
    ],
    [
      "of a role that has no boundary",
      apply,
      query("iam", { Action: "PutRolePolicy", RoleName: "dev-unbound" }),
      `"Action":"iam:PutRolePolicy","Resource":"arn:aws:iam::${ACCOUNT}:role/dev-unbound"`,
    ],
    [
      "of a role that a function is given, and that is none of the environment's",
      apply,
      rest("lambda", "POST", "/2015-03-31/functions", {
        FunctionName: "dev-x",
        Role: `arn:aws:iam::${ACCOUNT}:role/admin`,
      }),
      `"Action":"iam:PassRole","Resource":"arn:aws:iam::${ACCOUNT}:role/admin"`,
    ],
    [
      "of what nobody knows the needs of",
      apply,
      json("rds", "RDS.CreateDBCluster", {}),
      "no table here says what rds CreateDBCluster needs",
    ],
  ])("%s", (_, role, call, named) => {
    expect(asked(role, call)?.hint).toContain(named);
  });

  it("and what was asked with, and where the action does stand", () => {
    const hint = asked(apply, query("iam", { Action: "PutRolePolicy", RoleName: "dev-unbound" }))?.hint;
    expect(hint).toMatch(
      /asked with \{"aws:RequestedRegion":"us-east-1"\}; the action stands in dev-hcp-apply\/write-iam #0/,
    );
  });

  it("and is what AWS would answer", () => {
    expect(asked(dev("dev", "plan"), json("sqs", "AmazonSQS.DeleteQueue", QUEUE))?.message).toBe(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/dev-hcp-plan/run is not authorized to perform: sqs:DeleteQueue on resource: ${arn("sqs", "dev-orders")} because no identity-based policy allows the sqs:DeleteQueue action`,
    );
  });
});

describe("a grant that is wrong is found", () => {
  it("tags of keys that only those may change who say the environment", () => {
    const narrow = keyPolicyIn("dev").replace('"kms:TagResource",', "");
    expect(asked(apply, retagKey, [keyWith(narrow)])?.hint).toContain('"Action":"kms:TagResource"');
  });

  it("a grant on resources that are not there", () => {
    const roles = rolesOf("dev", undefined, (text) =>
      text.replaceAll(`sqs:eu-central-1:${ACCOUNT}:dev-*`, `sqs:eu-central-1:${ACCOUNT}:queue/dev-*`),
    );
    const change = json("sqs", "AmazonSQS.TagQueue", { ...QUEUE, Tags: OWNER });
    expect(asked(roles("dev", "apply"), change)?.hint).toContain(`(on ${arn("sqs", "queue/dev-*")})`);
  });
});

describe("the apply role of prod", () => {
  const drop = json("dynamodb", "DynamoDB_20120810.DeleteTable", { TableName: "prod-orders" });

  it("destroys no data, until the environment's end was decided", () => {
    const ending = rolesOf("prod", (environment) => ({ ...environment, decommission: "decided" }));
    expect(asked(rolesOf("prod")("prod", "apply"), drop)?.hint).toContain('"Action":"dynamodb:DeleteTable"');
    expect(asked(ending("prod", "apply"), drop)).toBeUndefined();
  });
});
