import { Alarm, queueAge, queueDepth, type Symptom } from "../../modules/alarm";
import { HttpApi, type HttpAuth } from "../../modules/http-api";
import { FailureQueue } from "../../modules/queue";
import { Schedule } from "../../modules/schedule";
import { StateMachine } from "../../modules/state-machine";
import { Topic } from "../../modules/topic";
import { type Declared, declaredBy, parsed } from "../support/synth";
import { accountId, denied, granted, makeFunction, makeKey, only, statements } from "./support";

describe("HttpApi", () => {
  const make = (auth: HttpAuth): Declared =>
    declaredBy((stack, bundle) => {
      const worker = makeFunction(stack, bundle);
      const route = { method: "GET", path: "/things/{id}", handler: worker } as const;
      const api = new HttpApi(stack, "api", {
        name: "test-api",
        auth,
        throttling: { rate: 10, burst: 20 },
        routes: [route],
        logRetentionDays: 30,
      });
      api.grantInvoke(makeFunction(stack, bundle, "caller"), route);
    });

  it.each([
    [{ type: "none" } as const, "NONE"],
    [{ type: "iam" } as const, "AWS_IAM"],
    [{ type: "jwt", issuer: "https://issuer.example", audience: ["orders"] } as const, "JWT"],
  ])("asks every route for %j", (auth, type) => {
    expect(only(make(auth), "aws_apigatewayv2_route")).toMatchObject({
      route_key: "GET /things/{id}",
      authorization_type: type,
    });
  });

  it("names the tokens' issuer and audience", () => {
    const declared = make({ type: "jwt", issuer: "https://issuer.example", audience: ["orders"] });
    expect(only(declared, "aws_apigatewayv2_authorizer")).toMatchObject({
      jwt_configuration: { issuer: "https://issuer.example", audience: ["orders"] },
    });
    expect(only(declared, "aws_apigatewayv2_route")).toHaveProperty("authorizer_id");
  });

  it("throttles, logs each request as JSON, and lets in only its own route", () => {
    const declared = make({ type: "iam" });
    const stage = only(declared, "aws_apigatewayv2_stage") as { access_log_settings: { format: string } };
    expect(stage).toMatchObject({
      name: "$default",
      default_route_settings: { throttling_rate_limit: 10, throttling_burst_limit: 20 },
    });
    expect(parsed(stage.access_log_settings.format)).toHaveProperty("requestId");
    expect(only(declared, "aws_lambda_permission")["source_arn"]).toMatch(/\/\*\/GET\/things\/\{id\}$/);
    expect(granted(declared)["execute-api:Invoke"]).toMatch(/\/\$default\/GET\/things\/\{id\}$/);
  });
});

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
    expect(granted(declared)["sns:Publish"]).toContain("aws_sns_topic.news");
  });
});

describe("StateMachine and Schedule", () => {
  const declared = declaredBy((stack, bundle) => {
    const worker = makeFunction(stack, bundle);
    const machine = new StateMachine(stack, "flow", {
      name: "test-flow",
      accountId,
      definition: {
        Comment: "one state",
        StartAt: "Done",
        TimeoutSeconds: 60,
        States: { Done: { Type: "Succeed" } },
      },
      calls: { functions: [worker], topics: [] },
      logRetentionDays: 30,
    });
    const failures = new FailureQueue(stack, "failures", {
      name: "test-failures",
      preventDestroy: false,
      topicArns: [],
    });
    new Schedule(stack, "hourly", {
      name: "test-hourly",
      accountId,
      expression: "rate(1 hour)",
      timeZone: "Europe/Berlin",
      enabled: false,
      target: machine,
      failures,
    });
  });

  it("logs without data, traces, and may call what it says it calls", () => {
    expect(only(declared, "aws_sfn_state_machine")).toMatchObject({
      type: "STANDARD",
      logging_configuration: { level: "ALL", include_execution_data: false },
      tracing_configuration: { enabled: true },
    });
    expect(granted(declared)["lambda:InvokeFunction"]).toContain("aws_lambda_function.worker");
  });

  it("starts on time under a role that may start this and nothing else", () => {
    expect(only(declared, "aws_scheduler_schedule")).toMatchObject({
      schedule_expression: "rate(1 hour)",
      schedule_expression_timezone: "Europe/Berlin",
      state: "DISABLED",
      target: { dead_letter_config: { arn: expect.stringContaining("aws_sqs_queue.failures") } },
    });
    expect(granted(declared)["states:StartExecution"]).toContain("aws_sfn_state_machine.flow");
    const trusted = Object.values(declared.all("aws_iam_role")).flatMap(({ assume_role_policy: policy }) =>
      statements(policy),
    );
    expect(trusted).toContainEqual({
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    });
  });
});

describe("Alarm", () => {
  const depth = queueDepth("test-orders");
  const alarmed = (...symptoms: ReadonlyArray<Symptom>) =>
    declaredBy((stack) => {
      const topic = new Topic(stack, "news", { name: "test-news", accountId, key: makeKey(stack) });
      for (const [index, symptom] of symptoms.entries())
        new Alarm(stack, `alarm-${index}`, {
          name: `test-${index}`,
          description: "It fails",
          symptom,
          topic,
        });
    });

  it("tells its topic of trouble and of its end, and takes silence for health", () => {
    const declared = alarmed({ type: "above", metric: depth, threshold: 0 });
    expect(only(declared, "aws_cloudwatch_metric_alarm")).toMatchObject({
      namespace: "AWS/SQS",
      dimensions: { QueueName: "test-orders" },
      comparison_operator: "GreaterThanThreshold",
      treat_missing_data: "notBreaching",
      alarm_actions: [expect.stringContaining("aws_sns_topic.news")],
      ok_actions: [expect.stringContaining("aws_sns_topic.news")],
    });
  });

  it("takes silence for trouble where something must come, for as long as it may stay away", () => {
    const silence = (minutes: number): Symptom => ({ type: "silence", metric: depth, minutes });
    const declared = alarmed(silence(30), silence(1_440), silence(2_880));
    for (const alarm of Object.values(declared.all("aws_cloudwatch_metric_alarm")))
      expect(alarm).toMatchObject({
        comparison_operator: "LessThanThreshold",
        threshold: 1,
        treat_missing_data: "breaching",
      });
    const looksBack = Object.values(declared.all("aws_cloudwatch_metric_alarm")).map(
      ({ period, evaluation_periods: periods }) => [period, periods],
    );
    // CloudWatch looks back a day at most, or a week where a period is an hour.
    expect(looksBack).toEqual([
      [300, 6],
      [300, 288],
      [3_600, 48],
    ]);
  });

  it("measures a share where there is enough to share", () => {
    const declared = alarmed({ type: "share", of: depth, among: queueAge("x"), percent: 5, atLeast: 10 });
    expect(only(declared, "aws_cloudwatch_metric_alarm")).toMatchObject({
      metric_query: [
        { id: "failed", metric: { metric_name: "ApproximateNumberOfMessagesVisible" } },
        { id: "asked", metric: { metric_name: "ApproximateAgeOfOldestMessage" } },
        { id: "share", expression: "IF(asked >= 10, 100 * failed / asked, 0)", return_data: true },
      ],
      threshold: 5,
      evaluation_periods: 5,
      datapoints_to_alarm: 3,
    });
  });
});
