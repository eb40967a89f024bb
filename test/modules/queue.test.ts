import { Queue } from "../../modules/queue";
import { declaredBy, parsed } from "../support/synth";
import { denied, granted, makeFunction, only } from "./support";

describe("Queue", () => {
  const declared = declaredBy((stack, bundle) => {
    const queue = new Queue(stack, "work", {
      name: "test-work",
      visibilityTimeoutSeconds: 60,
      maxReceiveCount: 5,
      preventDestroy: true,
    });
    makeFunction(stack, bundle).consume(queue, { batchSize: 10, windowSeconds: 0, maxConcurrency: 2 });
  });
  const queues = Object.values(declared.all("aws_sqs_queue"));

  it("comes with its own dead-letter queue, which takes from it alone", () => {
    expect(queues.map(({ name }) => name).sort()).toEqual(["test-work", "test-work-dlq"]);
    const main = queues.find(({ name }) => name === "test-work");
    expect(parsed(main?.["redrive_policy"])).toMatchObject({
      maxReceiveCount: 5,
      deadLetterTargetArn: expect.stringContaining("dlq"),
    });
    expect(
      parsed(only(declared, "aws_sqs_queue_redrive_allow_policy")["redrive_allow_policy"]),
    ).toMatchObject({ redrivePermission: "byQueue" });
  });

  it("is encrypted, keeps messages for 14 days, refuses plain HTTP and its own destruction", () => {
    for (const queue of queues)
      expect(queue).toMatchObject({
        sqs_managed_sse_enabled: true,
        message_retention_seconds: 1_209_600,
        lifecycle: { prevent_destroy: true },
      });
    const policies = Object.values(declared.all("aws_sqs_queue_policy"));
    expect(policies).toHaveLength(2);
    for (const { policy } of policies) expect(denied(policy)).toMatchObject([{ Action: "sqs:*" }]);
  });

  it("gives a consumer what an event source needs, on this queue", () => {
    const grants = granted(declared);
    expect(
      Object.keys(grants)
        .filter((action) => action.startsWith("sqs:"))
        .sort(),
    ).toEqual(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]);
    expect(grants["sqs:ReceiveMessage"]).toMatch(/^\$\{aws_sqs_queue\.work.*\.arn\}$/);
  });

  it.each([
    [10, 0, undefined],
    [100, 1, 1],
  ])("hands on %d messages that are gathered for %d s", (batchSize, windowSeconds, declaredSeconds) => {
    const source = only(
      declaredBy((stack, bundle) => {
        const queue = new Queue(stack, "work", {
          name: "test-work",
          visibilityTimeoutSeconds: 60,
          maxReceiveCount: 5,
          preventDestroy: true,
        });
        makeFunction(stack, bundle).consume(queue, { batchSize, windowSeconds, maxConcurrency: 2 });
      }),
      "aws_lambda_event_source_mapping",
    );
    expect(source["batch_size"]).toBe(batchSize);
    expect(source["maximum_batching_window_in_seconds"]).toBe(declaredSeconds);
  });
});
