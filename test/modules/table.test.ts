import { FailureQueue } from "../../modules/queue";
import { Table } from "../../modules/table";
import { type Declared, declaredBy } from "../support/synth";
import { granted, makeFunction, only } from "./support";

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

  it("has a stream with both images where it is asked for, which a function may follow", () => {
    const followed = declaredBy((stack, bundle) => {
      const table = new Table(stack, "things", {
        name: "test-things",
        hash: { name: "id", type: "N" },
        stream: true,
        pointInTimeRecovery: true,
        deletionProtection: false,
      });
      const failures = new FailureQueue(stack, "failures", {
        name: "test-failures",
        preventDestroy: false,
        topicArns: [],
      });
      makeFunction(stack, bundle).followChanges(table, failures);
    });
    expect(only(followed, "aws_dynamodb_table")).toMatchObject({
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
    });
    expect(only(followed, "aws_lambda_event_source_mapping")).toMatchObject({
      event_source_arn: expect.stringContaining("stream_arn"),
      starting_position: "TRIM_HORIZON",
      parallelization_factor: 1,
      bisect_batch_on_function_error: true,
      function_response_types: ["ReportBatchItemFailures"],
      destination_config: { on_failure: { destination_arn: expect.stringContaining("aws_sqs_queue") } },
    });
    const grants = granted(followed);
    expect(grants["dynamodb:GetRecords"]).toContain("stream_arn");
    expect(grants["sqs:SendMessage"]).toContain("aws_sqs_queue.failures");
    expect(only(make(false), "aws_dynamodb_table")).not.toHaveProperty("stream_enabled");
  });

  it("grants one action on the table, and queries on one index only", () => {
    const grants = granted(make(false));
    expect(grants["dynamodb:PutItem"]).toMatch(/^\$\{aws_dynamodb_table\.things.*\.arn\}$/);
    expect(grants["dynamodb:Query"]).toMatch(/\.arn\}\/index\/open$/);
    expect(Object.keys(grants).filter((action) => action.startsWith("dynamodb:"))).toHaveLength(2);
  });
});
