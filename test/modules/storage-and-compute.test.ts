import { Bucket } from "../../modules/bucket";
import { FailureQueue, Queue } from "../../modules/queue";
import { Table } from "../../modules/table";
import { type Declared, declaredBy, parsed } from "../support/synth";
import { denied, granted, makeFunction, only, statements } from "./support";

describe("Queue", () => {
  const declared = declaredBy((stack, bundle) => {
    const queue = new Queue(stack, "work", {
      name: "test-work",
      visibilityTimeoutSeconds: 60,
      maxReceiveCount: 5,
      preventDestroy: true,
    });
    makeFunction(stack, bundle).consume(queue, { batchSize: 10, maxConcurrency: 2 });
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
});

describe("Table", () => {
  const make = (deletionProtection: boolean): Declared =>
    declaredBy((stack, bundle) => {
      const table = new Table(stack, "things", {
        name: "test-things",
        hash: { name: "id", type: "N" },
        indexes: [
          { name: "open", hash: { name: "shard", type: "S" }, range: { name: "since", type: "S" } },
          {
            name: "all",
            hash: { name: "shard", type: "S" },
            range: { name: "since", type: "S" },
            holds: "keys",
          },
        ],
        ttlAttribute: "expires_at",
        pointInTimeRecovery: true,
        deletionProtection,
      });
      table.grant(makeFunction(stack, bundle), "put");
      table.grantQuery({ role: makeFunction(stack, bundle, "reader").role }, "open");
    });

  it("is on demand, encrypted, recoverable, with TTL and its indexes of items and of keys", () => {
    expect(only(make(false), "aws_dynamodb_table")).toMatchObject({
      billing_mode: "PAY_PER_REQUEST",
      server_side_encryption: { enabled: true },
      point_in_time_recovery: { enabled: true },
      ttl: { attribute_name: "expires_at", enabled: true },
      attribute: [
        { name: "id", type: "N" },
        { name: "shard", type: "S" },
        { name: "since", type: "S" },
      ],
      global_secondary_index: [
        { name: "open", projection_type: "ALL" },
        { name: "all", projection_type: "KEYS_ONLY" },
      ],
    });
  });

  it("is protected by DynamoDB and by Terraform, or by neither", () => {
    expect(only(make(true), "aws_dynamodb_table")).toMatchObject({
      deletion_protection_enabled: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(only(make(false), "aws_dynamodb_table")).not.toHaveProperty("lifecycle");
  });

  it("grants one action on the table, and queries on one index only", () => {
    const grants = granted(make(false));
    expect(grants["dynamodb:PutItem"]).toMatch(/^\$\{aws_dynamodb_table\.things.*\.arn\}$/);
    expect(grants["dynamodb:Query"]).toMatch(/\.arn\}\/index\/open$/);
    expect(Object.keys(grants).filter((action) => action.startsWith("dynamodb:"))).toHaveLength(2);
  });
});

describe("Bucket", () => {
  const declared = declaredBy((stack, bundle) => {
    new Bucket(stack, "archive", {
      name: "test-archive",
      expiration: { prefix: "orders/", days: 90 },
      preventDestroy: true,
    }).grantPut(makeFunction(stack, bundle), "orders/");
  });

  it("is versioned, encrypted, owned by the account and closed to the public", () => {
    expect(only(declared, "aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(JSON.stringify(only(declared, "aws_s3_bucket_server_side_encryption_configuration"))).toContain(
      "AES256",
    );
    expect(only(declared, "aws_s3_bucket_ownership_controls")).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(only(declared, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("refuses plain HTTP for itself and its objects, and expires them", () => {
    const [deny] = denied(only(declared, "aws_s3_bucket_policy")["policy"]);
    expect(deny?.Resource).toHaveLength(2);
    expect(only(declared, "aws_s3_bucket_lifecycle_configuration")).toMatchObject({
      rule: [{ status: "Enabled", expiration: [{ days: 90 }] }],
    });
  });

  it("grants puts under one prefix", () => {
    expect(granted(declared)["s3:PutObject"]).toMatch(/\.arn\}\/orders\/\*$/);
  });
});

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

  it("sends what it failed to handle to a queue it may send to", () => {
    expect(only(declared, "aws_lambda_function_event_invoke_config")).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: expect.stringContaining("aws_sqs_queue") } },
    });
    expect(granted(declared)["sqs:SendMessage"]).toContain("aws_sqs_queue.failures");
  });
});
