import { computedAttributes, declaredStack } from "../../../local/services/catalog";
import { readStack } from "../../../local/engine/stack/read-stack";
import { resolveStack } from "../../../local/engine/stack/resolve";
import { type Resources, writeStack } from "../../platform/support/fixture";
import { resources as iamResources } from "../../../local/services/iam/resources";
import { resources as lambdaResources } from "../../../local/services/lambda/resources";
import { resources as catalog } from "../../../local/services/services";
import { resources as snsResources } from "../../../local/services/sns/resources";
import { resources as sqsResources } from "../../../local/services/sqs/resources";

const deployment = {
  region: "eu-central-1",
  account: "000000000000",
  awsUrl: "http://127.0.0.1:4566",
  apiUrl: () => "http://127.0.0.1:3000",
};
const declare = (resources: Resources) =>
  declaredStack(
    catalog,
    resolveStack(readStack(writeStack(resources)), computedAttributes(catalog, deployment)),
  );

describe("what the local platform runs", () => {
  it("names a resource it cannot run", () => {
    expect(() => declare({ aws_kinesis_stream: { events: { name: "events" } } })).toThrow(
      "aws_kinesis_stream.events: the local platform cannot run an aws_kinesis_stream",
    );
  });

  it.each([
    [
      "an attribute it does not know",
      { name: "q", fifo_queue: true },
      "fifo_queue is an attribute the local platform does not know",
    ],
    [
      "a value it does not understand",
      { name: "q", delay_seconds: "soon" },
      "delay_seconds: expected a number",
    ],
    ["an attribute that is missing", {}, "name: expected a text of 1 to 80 characters"],
  ])("names %s", (_, queue, message) => {
    expect(() => declare({ aws_sqs_queue: { q: queue } })).toThrow(`aws_sqs_queue.q: ${message}`);
  });

  const key = { hash_key: "id", attribute: [{ name: "id", type: "S" }] };
  const alarm = { comparison_operator: "GreaterThanThreshold", evaluation_periods: 1, threshold: 1 };
  const code = { role: "r", handler: "index.handler", filename: "f.zip", runtime: "nodejs22.x" };
  it.each([
    ["aws_sqs_queue", "name", 1, 80, {}],
    ["aws_sns_topic", "name", 1, 256, {}],
    ["aws_lambda_function", "function_name", 1, 64, code],
    ["aws_iam_role", "name", 1, 64, { assume_role_policy: "{}" }],
    ["aws_iam_policy", "name", 1, 128, { policy: "{}" }],
    ["aws_iam_role_policy", "name", 1, 128, { role: "r", policy: "{}" }],
    ["aws_s3_bucket", "bucket", 3, 63, {}],
    ["aws_sfn_state_machine", "name", 1, 80, { role_arn: "r", definition: "{}" }],
    [
      "aws_scheduler_schedule",
      "name",
      1,
      64,
      { schedule_expression: "rate(1 hour)", target: { arn: "a", role_arn: "r" } },
    ],
    ["aws_scheduler_schedule_group", "name", 1, 64, {}],
    ["aws_dynamodb_table", "name", 3, 255, key],
    ["aws_cloudwatch_metric_alarm", "alarm_name", 1, 255, alarm],
  ])("takes a name as long as AWS does: of %s, %s of %d to %d", (type, attribute, least, most, rest) => {
    const named = (length: number) => () =>
      declare({ [type]: { x: { ...rest, [attribute]: "n".repeat(length) } } });
    const refused = `${type}.x: ${attribute}: expected a text of ${least} to ${most} characters, not of`;
    expect(named(least)).not.toThrow();
    expect(named(most)).not.toThrow();
    expect(named(least - 1)).toThrow(`${refused} ${least - 1}`);
    expect(named(most + 1)).toThrow(`${refused} ${most + 1}`);
  });

  it("names an unknown attribute inside a block", () => {
    const table = {
      name: "table",
      hash_key: "id",
      attribute: [{ name: "id", type: "S" }],
      global_secondary_index: [
        { name: "index", hash_key: "id", projection_type: "ALL", warm_throughput: {} },
      ],
    };
    expect(() => declare({ aws_dynamodb_table: { t: table } })).toThrow(
      "aws_dynamodb_table.t: global_secondary_index.warm_throughput is an attribute the local platform does not know",
    );
  });

  it("takes attributes left out as null, numbers as text, single blocks as lists", () => {
    const [queue] = declare({ aws_sqs_queue: { q: { name: "q", delay_seconds: "5", policy: null } } })(
      sqsResources.aws_sqs_queue,
    );
    expect(queue?.config).toEqual({ name: "q", delay_seconds: 5 });
    const role = { name: "r", assume_role_policy: "{}" };
    const fn = {
      function_name: "f",
      role: "${aws_iam_role.r.arn}",
      handler: "index.handler",
      filename: "f.zip",
      runtime: "nodejs22.x",
      environment: [{ variables: { A: "b" } }],
    };
    const [lambda] = declare({ aws_iam_role: { r: role }, aws_lambda_function: { f: fn } })(
      lambdaResources.aws_lambda_function,
    );
    expect(lambda?.config.environment?.variables).toEqual({ A: "b" });
    expect(lambda?.config.role).toBe("arn:aws:iam::000000000000:role/r");
  });

  it("gives things the names and URLs they have on this machine", () => {
    const stack = declare({
      aws_sqs_queue: { q: { name: "orders" } },
      aws_sns_topic: { t: { name: "news" } },
    });
    expect(stack(sqsResources.aws_sqs_queue)[0]?.attribute("url")).toBe(
      "http://127.0.0.1:4566/000000000000/orders",
    );
    expect(stack(sqsResources.aws_sqs_queue)[0]?.attribute("arn")).toBe(
      "arn:aws:sqs:eu-central-1:000000000000:orders",
    );
    expect(stack(snsResources.aws_sns_topic)[0]?.attribute("arn")).toBe(
      "arn:aws:sns:eu-central-1:000000000000:news",
    );
  });

  it("writes policy documents as Terraform does", () => {
    const folder = writeStack({
      aws_iam_policy: { p: { name: "p", policy: "${data.aws_iam_policy_document.d.json}" } },
    });
    const stack = readStack(folder);
    const document = {
      address: "data.aws_iam_policy_document.d",
      type: "data.aws_iam_policy_document",
      config: {
        statement: [
          {
            actions: ["sqs:SendMessage"],
            resources: ["*"],
            condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["true"] }],
          },
        ],
      },
    };
    const withData = {
      ...stack,
      declarations: new Map([...stack.declarations, [document.address, document]]),
    };
    const [policy] = declaredStack(
      catalog,
      resolveStack(withData, computedAttributes(catalog, deployment)),
    )(iamResources.aws_iam_policy);
    expect(JSON.parse(policy?.config.policy ?? "")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["sqs:SendMessage"],
          Resource: ["*"],
          Condition: { Bool: { "aws:SecureTransport": ["true"] } },
        },
      ],
    });
  });
});
