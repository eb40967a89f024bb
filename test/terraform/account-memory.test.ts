import { ACCOUNT } from "./account-memory.mts";
import { arn, json, needs, query, rest, s3 } from "./support";

const FUNCTION = arn("lambda", "function:dev-x");
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/account/dev-boundary`;

const QUEUE = { QueueUrl: `http://127.0.0.1:1/${ACCOUNT}/dev-q` };
const made = json("sqs", "AmazonSQS.CreateQueue", {
  QueueName: "dev-q",
  tags: { owner: "desk", environment: "dev" },
});
const look = json("sqs", "AmazonSQS.ListQueueTags", QUEUE);
const contextOf = (...of: Parameters<typeof needs>) => {
  const found = needs(...of);
  return typeof found === "string" ? found : found[0]?.context;
};

it("tags, as they are set, changed and taken away", () => {
  const change = json("sqs", "AmazonSQS.TagQueue", { ...QUEUE, Tags: { owner: "other" } });
  const removal = json("sqs", "AmazonSQS.UntagQueue", { ...QUEUE, TagKeys: ["environment"] });
  expect(contextOf(look, [made])).toEqual({
    "aws:ResourceTag/owner": "desk",
    "aws:ResourceTag/environment": "dev",
  });
  expect(contextOf(look, [made], [change], [removal])).toEqual({ "aws:ResourceTag/owner": "other" });
});

it("a bucket's tags, which are replaced whole", () => {
  const put = (key: string) =>
    s3(
      "PUT",
      "/dev-b?tagging=",
      {},
      `<Tagging><TagSet><Tag><Key>${key}</Key><Value>v</Value></Tag></TagSet></Tagging>`,
    );
  expect(contextOf(s3("GET", "/dev-b?tagging="), [put("a")], [put("b")])).toEqual({
    "aws:ResourceTag/b": "v",
  });
});

it("names that AWS makes up: of keys, of event source mappings and of APIs", () => {
  const key = json("kms", "TrentService.CreateKey", { Tags: [{ TagKey: "owner", TagValue: "desk" }] });
  const KEY = { KeyMetadata: { Arn: arn("kms", "key/k1") } };
  expect(contextOf(json("kms", "TrentService.DescribeKey", { KeyId: "k1" }), [key, KEY])).toEqual({
    "aws:ResourceTag/owner": "desk",
  });
  const mapping = rest("lambda", "POST", "/2015-03-31/event-source-mappings", {
    FunctionName: FUNCTION,
    Tags: { a: "b" },
  });
  expect(
    contextOf(rest("lambda", "DELETE", "/2015-03-31/event-source-mappings/u1"), [mapping, { UUID: "u1" }]),
  ).toEqual({
    "aws:ResourceTag/a": "b",
    "lambda:FunctionArn": FUNCTION,
  });
  const api = rest("apigateway", "POST", "/v2/apis", { name: "dev", tags: { a: "b" } });
  expect(contextOf(rest("apigateway", "GET", "/v2/apis/a1"), [api, { apiId: "a1" }])).toEqual({
    "aws:ResourceTag/a": "b",
  });
});

it("a role's boundary and path, until the boundary is lifted", () => {
  const create = query("iam", {
    Action: "CreateRole",
    RoleName: "r",
    Path: "/p/",
    PermissionsBoundary: BOUNDARY,
  });
  const put = query("iam", {
    Action: "PutRolePolicy",
    RoleName: "r",
    PolicyName: "x",
    PolicyDocument: "{}",
  });
  const lift = query("iam", { Action: "DeleteRolePermissionsBoundary", RoleName: "r" });
  expect(needs(put, [create])).toEqual([
    {
      action: "iam:PutRolePolicy",
      resource: `arn:aws:iam::${ACCOUNT}:role/p/r`,
      context: { "iam:PermissionsBoundary": BOUNDARY },
    },
  ]);
  expect(needs(put, [create], [lift])).toEqual([
    { action: "iam:PutRolePolicy", resource: `arn:aws:iam::${ACCOUNT}:role/p/r`, context: {} },
  ]);
});
