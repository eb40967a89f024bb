import { FailureQueue } from "../../modules/queue";
import { declaredBy } from "../support/synth";
import { granted, makeFunction, only, statements } from "./support";

describe("Function", () => {
  const declared = declaredBy((stack, bundle) => {
    const failures = new FailureQueue(stack, "failures", {
      name: "test-failures",
      preventDestroy: false,
      topicArns: [],
    });
    makeFunction(stack, bundle).sendFailuresTo(failures);
  });

  it("runs Node.js 22 on arm64, traced, with limits and JSON logs in a group of its own", () => {
    expect(only(declared, "aws_lambda_function")).toMatchObject({
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      reserved_concurrent_executions: 3,
      tracing_config: { mode: "Active" },
      logging_config: { log_format: "JSON" },
      environment: { variables: { A: "1" } },
    });
    expect(only(declared, "aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/lambda/test-worker",
      retention_in_days: 30,
    });
  });

  it("is attached as a file at a relative path, with the digest of its bytes", () => {
    const { filename, source_code_hash: digest } = only(declared, "aws_lambda_function");
    expect(filename).toMatch(/^assets\//);
    expect(digest).toBe(`\${filebase64sha256("${String(filename)}")}`);
  });

  it("has a role that Lambda alone assumes", () => {
    expect(statements(only(declared, "aws_iam_role")["assume_role_policy"])).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ]);
  });

  it("follows another function, so that it is never newer than that one", () => {
    const both = declaredBy((stack, bundle) => {
      makeFunction(stack, bundle).follow(makeFunction(stack, bundle, "other"));
    });
    const [worker] = Object.values(both.all("aws_lambda_function")).filter(
      ({ function_name: name }) => name === "test-worker",
    );
    expect(worker).toMatchObject({ depends_on: [expect.stringMatching(/^aws_lambda_function\.other/)] });
  });

  it("sends what it failed to handle to a queue it may send to", () => {
    expect(only(declared, "aws_lambda_function_event_invoke_config")).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: expect.stringContaining("aws_sqs_queue") } },
    });
    expect(granted(declared)["sqs:SendMessage"]).toContain("aws_sqs_queue.failures");
  });
});
