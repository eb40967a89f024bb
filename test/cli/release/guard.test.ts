import { abandoned, idleConsents, losses } from "../../../cli/release/guard";
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
      'staging: aws_dynamodb_table.orders: name "staging-orders" → "staging-bids" makes it anew, empty; undo that, or consent in environments/staging.json: "removals": {"aws_dynamodb_table.orders": "who, when, why"}',
    ]);
    expect(lost(stack({ aws_dynamodb_table: { orders: { ...table, range_key: "at" } } }))).toHaveLength(1);
  });

  it("takes an attribute that is not there for one that is off", () => {
    const orders = { ...table, range_key: null };
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

  describe("holds an environment to its place", () => {
    const at = (region: string, name: string, project = "orders"): StackJson => ({
      ...before,
      provider: { aws: [{ region, allowed_account_ids: ["222222222222"] }] },
      terraform: { cloud: { organization: "energy", workspaces: { name, project } } },
    });
    const then = at("eu-central-1", "orders-staging");
    const moved = (after: StackJson, removals = {}) =>
      losses({ environment: { ...environment, removals }, before: then, after });

    it("where its resources are", () => {
      const [line, ...others] = moved(at("eu-west-1", "orders-staging"));
      expect(others).toEqual([]);
      expect(line).toMatch(/^staging: region eu-central-1 → eu-west-1: everything would be made there anew/);
      expect(moved(at("eu-west-1", "orders-staging"), { region: "decided" })).toEqual([]);
    });

    it("where its state is, which a workspace takes along into another project", () => {
      expect(moved(at("eu-central-1", "orders-staging", "trading"))).toEqual([]);
      expect(moved(at("eu-central-1", "staging"))).toEqual([
        expect.stringMatching(/^staging: backend cloud energy orders-staging → cloud energy staging: /),
      ]);
    });

    it("and says when a consent to that is idle", () => {
      const consenting = { ...environment, removals: { region: "decided" } };
      const idle = (after: StackJson) => idleConsents({ environment: consenting, before: then, after });
      expect(idle(then)).toHaveLength(1);
      expect(idle(at("eu-west-1", "orders-staging"))).toEqual([]);
    });
  });

  it("refuses to leave an environment to nobody, unless its end was decided", () => {
    const earlier = ["qa", "staging"].map((name) => ({ name, decommission: false, stack: before }));
    expect(abandoned(earlier, ["staging", "prod"])).toEqual([
      expect.stringMatching(/^qa: environments\/qa.json is gone/),
    ]);
    expect(abandoned([{ name: "qa", decommission: true, stack: before }], [])).toEqual([]);
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
