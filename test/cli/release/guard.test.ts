import { abandoned, displacedState, idleConsents, losses, plannedLosses } from "../../../cli/release/guard";
import type { Resources } from "../../../cli/release/state";
import type { StackJson } from "../../../cli/release/synthesized";
import { shippedEnvironments } from "../../support/synth";

const [environment] = shippedEnvironments().filter(({ name }) => name === "staging");
if (environment === undefined) throw new Error("no staging");

const stack = (resource: StackJson["resource"], moved?: StackJson["moved"]): StackJson => ({
  resource,
  terraform: {},
  provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["222222222222"] }] },
  ...(moved === undefined ? {} : { moved }),
});

/** As the state has it: every attribute is named, whether it is on or not. */
const running: Resources = new Map([
  [
    "aws_dynamodb_table.orders",
    {
      name: "staging-orders",
      hash_key: "order_id",
      range_key: null,
      local_secondary_index: [],
      arn: "arn:aws:dynamodb:eu-central-1:222222222222:table/staging-orders",
    },
  ],
  ["aws_lambda_function.place", { function_name: "staging-place" }],
]);
const table = { name: "staging-orders", hash_key: "order_id" };
const lost = (after: StackJson, removals?: Readonly<Record<string, string>>) =>
  losses({
    environment: { ...environment, ...(removals === undefined ? {} : { removals }) },
    running,
    after,
  });

describe("guarding what keeps data", () => {
  it("lets go what keeps none", () => {
    expect(lost(stack({ aws_dynamodb_table: { orders: table } }))).toEqual([]);
  });

  it("refuses a removal, and tells how to consent to it", () => {
    expect(lost(stack({}))).toEqual([
      'staging: aws_dynamodb_table.orders: is gone; move it (moved block), or consent in environments/staging.json: "removals": {"aws_dynamodb_table.orders": "who, when, why"}',
    ]);
  });

  it("refuses a renamed address, and takes it with a moved block", () => {
    const renamed = { aws_dynamodb_table: { orders_table: table } };
    expect(lost(stack(renamed))).toHaveLength(1);
    const moved = [{ from: "aws_dynamodb_table.orders", to: "aws_dynamodb_table.orders_table" }];
    expect(lost(stack(renamed, moved))).toEqual([]);
  });

  it("refuses a move to nowhere, or to something else", () => {
    expect(lost(stack({}, [{ from: "aws_dynamodb_table.orders", to: "aws_dynamodb_table.other" }]))).toEqual([
      "staging: aws_dynamodb_table.orders: is moved to aws_dynamodb_table.other, which is not declared",
    ]);
    const other = stack({ aws_s3_bucket: { orders: {} } }, [
      { from: "aws_dynamodb_table.orders", to: "aws_s3_bucket.orders" },
    ]);
    expect(lost(other)).toEqual([
      "staging: aws_dynamodb_table.orders: is moved to aws_s3_bucket.orders, which is something else",
    ]);
  });

  it("refuses another name or key, which replaces it", () => {
    expect(lost(stack({ aws_dynamodb_table: { orders: { ...table, name: "staging-bids" } } }))).toEqual([
      'staging: aws_dynamodb_table.orders: name "staging-orders" → "staging-bids" replaces it with an empty one; undo that, or consent in environments/staging.json: "removals": {"aws_dynamodb_table.orders": "who, when, why"}',
    ]);
    expect(lost(stack({ aws_dynamodb_table: { orders: { ...table, range_key: "at" } } }))).toHaveLength(1);
    const ranged = new Map([["aws_dynamodb_table.orders", { ...table, range_key: "at" }]]);
    const after = stack({ aws_dynamodb_table: { orders: table } });
    expect(losses({ environment, running: ranged, after })).toEqual([
      expect.stringMatching(/: range_key "at" → null replaces it/),
    ]);
  });

  it("takes an attribute that is not declared for what Terraform makes of it", () => {
    const logs = new Map([
      ["aws_cloudwatch_log_group.logs", { name: "/aws/staging", log_group_class: "STANDARD" }],
    ]);
    const held = (attributes: Readonly<Record<string, unknown>>) =>
      losses({
        environment,
        running: logs,
        after: stack({ aws_cloudwatch_log_group: { logs: attributes } }),
      });
    expect(held({ name: "/aws/staging" })).toEqual([]);
    expect(held({ name: "/aws/staging", log_group_class: "STANDARD" })).toEqual([]);
    expect(held({ name: "/aws/staging", log_group_class: "INFREQUENT_ACCESS" })).toHaveLength(1);
  });

  it("leaves to the plan what a stack only refers to", () => {
    const orders = { ...table, name: "${aws_ssm_parameter.name.value}" };
    expect(lost(stack({ aws_dynamodb_table: { orders } }))).toEqual([]);
  });

  it("follows one move after another, and one in a circle to its end", () => {
    const renamed = { aws_dynamodb_table: { c: table } };
    const [ab, bc] = [
      { from: "aws_dynamodb_table.orders", to: "aws_dynamodb_table.b" },
      { from: "aws_dynamodb_table.b", to: "aws_dynamodb_table.c" },
    ];
    expect(lost(stack(renamed, [ab, bc]))).toEqual([]);
    const back = { from: "aws_dynamodb_table.b", to: "aws_dynamodb_table.orders" };
    expect(lost(stack(renamed, [ab, back]))).toEqual([
      "staging: aws_dynamodb_table.orders: is moved to aws_dynamodb_table.b, which is not declared",
    ]);
  });

  it("holds an environment to the account and region its resources are in", () => {
    const elsewhere: StackJson = {
      ...stack({ aws_dynamodb_table: { orders: table } }),
      provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["444444444444"] }] },
    };
    expect(lost(elsewhere)).toEqual([
      expect.stringMatching(/^staging: account_id 222222222222 → 444444444444: everything would be created/),
      expect.stringMatching(/^staging: region eu-central-1 → eu-west-1: everything would be created there/),
    ]);
    expect(lost(elsewhere, { region: "decided", account_id: "decided" })).toEqual([]);
  });

  it("holds it to where its state is", () => {
    const then = { type: "s3" as const, bucket: "state", key: "staging.tfstate", region: "eu-central-1" };
    expect(displacedState(environment, then)).toEqual([
      expect.stringMatching(
        /^staging: backend \{"type":"s3",.*\} → \{"type":"cloud",.*; move the state, or consent/,
      ),
    ]);
    expect(displacedState({ ...environment, removals: { backend: "decided" } }, then)).toEqual([]);
  });

  it("names an environment that is left to nobody, with how much is", () => {
    expect(abandoned("qa", running)).toMatch(
      /^qa: environments\/qa.json is gone, and the 2 resources it made/,
    );
  });

  it("takes what somebody has decided, and names a consent to nothing", () => {
    const after = stack({});
    const removals = { "aws_dynamodb_table.orders": "decided by the desk, 2026-11-23: no longer used" };
    expect(lost(after, removals)).toEqual([]);
    const idle = (consents: Readonly<Record<string, string>>, isStateMoved = false) =>
      idleConsents({ environment: { ...environment, removals: consents }, running, after }, isStateMoved);
    expect(idle(removals)).toEqual([]);
    expect(idle({ "aws_dynamodb_table.older": "decided" })).toEqual([
      "staging: removals.aws_dynamodb_table.older: nothing runs there that it speaks of",
    ]);
    expect(idle({ backend: "decided" })).toHaveLength(1);
    expect(idle({ backend: "decided" }, true)).toEqual([]);
  });

  it("refuses a plan that destroys or replaces what keeps data without consent", () => {
    const planned = [
      { address: "aws_dynamodb_table.orders", action: "replace" },
      { address: "aws_sqs_queue.orders", action: "delete" },
      { address: "aws_s3_bucket.orders", action: "update" },
      { address: "aws_sns_topic.orders", action: "forget" },
      { address: "aws_lambda_function.orders", action: "delete" },
    ] as const;
    expect(plannedLosses(environment, planned)).toEqual([
      expect.stringMatching(/^staging: aws_dynamodb_table.orders: would be replaced, with what it holds; /),
      expect.stringMatching(/^staging: aws_sqs_queue.orders: would be destroyed, with what it holds; /),
    ]);
    const removals = { "aws_dynamodb_table.orders": "decided", "aws_sqs_queue.orders": "decided" };
    expect(plannedLosses({ ...environment, removals }, planned)).toEqual([]);
  });
});
