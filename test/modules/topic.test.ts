import { FailureQueue } from "../../modules/queue";
import { Topic } from "../../modules/topic";
import { declaredBy } from "../support/synth";
import { accountId, denied, granted, makeFunction, makeKey, only, statements } from "./support";

describe("Topic", () => {
  const declared = declaredBy((stack, bundle) => {
    const topic = new Topic(stack, "news", {
      name: "test-news",
      accountId,
      key: makeKey(stack),
      services: ["cloudwatch.amazonaws.com"],
    });
    const failures = new FailureQueue(stack, "failures", {
      name: "test-failures",
      preventDestroy: false,
      topicArns: [topic.arn],
    });
    const worker = makeFunction(stack, bundle);
    topic.invoke(worker, failures);
    topic.grantPublish(worker);
    topic.mail("somebody@example.com");
    topic.deliver(`arn:aws:sqs:eu-central-1:${accountId}:theirs`, failures);
  });

  it("is encrypted under a key of its own that is rotated", () => {
    expect(only(declared, "aws_sns_topic")["kms_master_key_id"]).toContain("aws_kms_key.key");
    expect(only(declared, "aws_kms_key")).toMatchObject({ enable_key_rotation: true });
  });

  it("refuses plain HTTP and takes from the named services of its account", () => {
    const policy = only(declared, "aws_sns_topic_policy")["policy"];
    expect(denied(policy)).toHaveLength(1);
    expect(statements(policy)).toContainEqual(
      expect.objectContaining({
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
    );
  });

  it("delivers to the function or, failing that, to the failures queue, and by mail", () => {
    const subscriptions = Object.values(declared.all("aws_sns_topic_subscription"));
    expect(subscriptions.find(({ protocol }) => protocol === "lambda")).toHaveProperty("redrive_policy");
    expect(subscriptions.find(({ protocol }) => protocol === "email")).toMatchObject({
      endpoint: "somebody@example.com",
    });
    expect(subscriptions.find(({ protocol }) => protocol === "sqs")).toMatchObject({
      endpoint: `arn:aws:sqs:eu-central-1:${accountId}:theirs`,
      raw_message_delivery: true,
      redrive_policy: expect.stringContaining("aws_sqs_queue.failures"),
    });
    expect(granted(declared)["sns:Publish"]).toContain("aws_sns_topic.news");
  });
});
