import { idleConsents, losses } from "../../../cli/release/guard";
import type { StackJson } from "../../../cli/release/synthesized";
import { shippedEnvironments } from "../../support/synth";

const [environment] = shippedEnvironments().filter(({ name }) => name === "staging");
if (environment === undefined) throw new Error("no staging");

const stack = (resource: StackJson["resource"], moved?: StackJson["moved"]): StackJson => ({
  resource,
  terraform: {},
  ...(moved === undefined ? {} : { moved }),
});

const before = stack({
  aws_dynamodb_table: { orders: { name: "staging-orders", hash_key: "order_id" } },
  aws_lambda_function: { place: { function_name: "staging-place" } },
});
const table = before.resource["aws_dynamodb_table"]?.["orders"] ?? {};
const lost = (after: StackJson, removals?: Readonly<Record<string, string>>) =>
  losses({ environment: { ...environment, ...(removals === undefined ? {} : { removals }) }, before, after });

describe("guarding what keeps data", () => {
  it("lets go what keeps none", () => {
    expect(lost(stack({ aws_dynamodb_table: { orders: table } }))).toEqual([]);
  });

  it("refuses a removal, and tells how to consent to it", () => {
    const [line] = lost(stack({}));
    expect(line).toBe(
      'staging: aws_dynamodb_table.orders: is gone; move it (moved block), or consent in environments/staging.json: "removals": {"aws_dynamodb_table.orders": "who, when, why"}',
    );
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

  it("refuses another name or key, which makes it anew", () => {
    expect(lost(stack({ aws_dynamodb_table: { orders: { ...table, name: "staging-bids" } } }))).toEqual([
      'staging: aws_dynamodb_table.orders: name "staging-orders" → "staging-bids" makes it anew, empty',
    ]);
    expect(lost(stack({ aws_dynamodb_table: { orders: { ...table, range_key: "at" } } }))).toHaveLength(1);
  });

  it("takes what somebody has decided, and names a consent to nothing", () => {
    const removals = { "aws_dynamodb_table.orders": "decided by the desk, 2026-11-23: no longer used" };
    expect(lost(stack({}), removals)).toEqual([]);
    const idle = { ...environment, removals: { "aws_dynamodb_table.older": "decided" } };
    expect(idleConsents({ environment: idle, before, after: before })).toEqual([
      "staging: removals.aws_dynamodb_table.older: the earlier release had no such resource",
    ]);
  });
});
