import { accessDenied, callOf } from "./wire.mts";
import { json, query, rest, s3 } from "./support";

it.each([
  ["JSON with a target", json("sqs", "AmazonSQS.CreateQueue", { QueueName: "dev-orders" }), "CreateQueue"],
  ["a form", query("iam", { Action: "GetRole", RoleName: "dev-x" }), "GetRole"],
  ["a path alone", rest("lambda", "GET", "/2015-03-31/functions/dev-x"), undefined],
  ["S3's", s3("PUT", "/bucket?tagging="), undefined],
])("reads who asks whom, and for what: %s", (_, call, operation) => {
  expect(call).toMatchObject({ accessKey: "dev-apply", region: "eu-central-1", operation });
});

it("reads the numbered fields of a form as lists, and those of a map by their names", () => {
  const fields = {
    Action: "CreateRole",
    "Tags.member.1.Key": "owner",
    "Tags.member.1.Value": "desk",
    "Tags.member.2.Key": "environment",
    "Tags.member.2.Value": "dev",
    "AlarmNames.member.1": "dev-a",
    "Attributes.entry.1.key": "RedrivePolicy",
    "Attributes.entry.1.value": "{}",
  };
  expect(query("iam", fields).input).toEqual({
    Action: "CreateRole",
    Tags: [
      { Key: "owner", Value: "desk" },
      { Key: "environment", Value: "dev" },
    ],
    AlarmNames: ["dev-a"],
    Attributes: [{ key: "RedrivePolicy", value: "{}" }],
  });
});

it("decodes each part of a path by itself: an ARN stays one part", () => {
  const call = rest("apigateway", "POST", "/v2/tags/arn%3Aaws%3Aapigateway%3Aeu%3A%3A%2Fapis%2Fa1/", {});
  expect(call.path).toEqual(["v2", "tags", "arn:aws:apigateway:eu::/apis/a1"]);
});

it("takes a request without a signature for nobody's", () => {
  expect(callOf({ headers: {}, method: "GET", url: "/x" }, Buffer.from("{"))).toMatchObject({
    service: "unsigned",
    accessKey: "",
    input: {},
  });
});

describe("a refusal is AWS's", () => {
  const read = (call: Parameters<typeof accessDenied>[0]) => {
    const { status, headers, body } = accessDenied(call, "no <right>");
    return { status, type: headers["x-amzn-errortype"], body: body.toString() };
  };

  it.each([
    [
      "in JSON",
      json("kms", "TrentService.CreateKey", {}),
      400,
      /"__type":"AccessDeniedException","message":"no <right>"/,
    ],
    [
      "in XML, to a form",
      query("iam", { Action: "GetRole" }),
      403,
      /<Code>AccessDenied<\/Code><Message>no &lt;right&gt;</,
    ],
    ["with SNS's own code", query("sns", { Action: "CreateTopic" }), 403, /<Code>AuthorizationError</],
    ["in S3's XML", s3("GET", "/bucket?policy="), 403, /^<Error><Code>AccessDenied</],
    ["to HEAD, without a body", s3("HEAD", "/bucket"), 403, /^$/],
  ])("%s", (_, call, status, body) => {
    expect(read(call)).toMatchObject({ status, body: expect.stringMatching(body) });
  });

  it("to REST, by a header", () => {
    expect(read(rest("lambda", "GET", "/2015-03-31/functions/x"))).toMatchObject({
      status: 403,
      type: "AccessDeniedException",
    });
  });
});
