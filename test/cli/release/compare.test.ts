import { compareStacks, type Synth } from "../../../cli/release/compare";
import { StackJson } from "../../../cli/release/synthesized";
import type { Environment } from "../../../environments/environment";
import { declaredEnvironments, shippedEnvironments } from "../../support/synth";

const environment = (name: string): Environment => {
  const found = shippedEnvironments().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no environment ${name}`);
  return found;
};

const synthesized = new Map<string, StackJson>();

/** The code as it is. */
const synth: Synth = (one) => {
  const key = JSON.stringify(one);
  const known = synthesized.get(key) ?? synthOf(one);
  synthesized.set(key, known);
  return known;
};

const synthOf: Synth = (one) => {
  const json: unknown = JSON.parse(declaredEnvironments([one]).get(one.name)?.text ?? "null");
  if (!StackJson.is(json)) throw new Error("no stack");
  return json;
};

type Attributes = Readonly<Record<string, unknown>>;

/** The code with something else about one table in it. */
const with_ =
  (extra: (one: Environment) => Attributes): Synth =>
  (one) => {
    const json = synth(one);
    const tables = json.resource["aws_dynamodb_table"];
    return {
      ...json,
      resource: {
        ...json.resource,
        aws_dynamodb_table: { ...tables, orders_table: { ...tables?.["orders_table"], ...extra(one) } },
      },
    };
  };

describe("comparing two environments", () => {
  const [staging, prod] = [environment("staging"), environment("prod")];

  // `.ci/run` compares staging and prod as they are, where each difference takes a synthesis.
  it("explains every difference by a value of their files", () => {
    const { retention, auction } = prod;
    const { explained, unexplained } = compareStacks(staging, { ...staging, retention, auction }, synth);
    expect(unexplained).toEqual([]);
    expect(explained.find(({ path }) => path === "retention.logs_days")).toMatchObject({
      from: 30,
      to: 365,
      where: expect.arrayContaining(["aws_cloudwatch_log_group.api_logs.retention_in_days"]),
    });
    expect(explained.find(({ path }) => path === "auction")?.where).toContain(
      "aws_lambda_function.auction_simulator",
    );
  });

  it("finds code that asks which environment it is in", () => {
    const branching = with_(({ name }) =>
      name === "prod" ? { table_class: "STANDARD_INFREQUENT_ACCESS" } : {},
    );
    expect(compareStacks(staging, prod, branching).unexplained).toEqual([
      'aws_dynamodb_table.orders_table.table_class: nothing with the name staging, "STANDARD_INFREQUENT_ACCESS" with prod',
    ]);
  });

  it("finds it in the middle of a text too, where the name is not all that differs", () => {
    const branching = with_(({ name }) => ({ note: `${name}-${name === "prod" ? "careful" : "loose"}` }));
    expect(compareStacks(staging, prod, branching).unexplained).toHaveLength(1);
    // A name that is but the name is no difference.
    expect(
      compareStacks(
        staging,
        prod,
        with_(({ name }) => ({ note: `${name}-any` })),
      ).unexplained,
    ).toEqual([]);
  });

  it.each([
    [
      "tags.environment",
      ({ tags }: Environment) => tags.environment === "prod",
      "false becomes true with tags.environment, where only its text may change",
    ],
    [
      "account_id",
      ({ account_id }: Environment) => account_id.startsWith("3"),
      "false becomes true with account_id, where only its text may change",
    ],
    [
      "slack_webhook_parameter, when a decision comes with it",
      ({ slack_webhook_parameter: parameter, deletion_protection }: Environment) =>
        deletion_protection && parameter.includes("prod"),
      "false becomes true with slack_webhook_parameter, where only its text may change",
    ],
    [
      "backend",
      ({ backend }: Environment) => backend.type === "cloud" && backend.workspace === "orders-prod",
      "changes with backend, which says where state is kept and nothing else",
    ],
  ])("finds code that knows it by %s", (_, isProd, line) => {
    const branching = with_((one) => ({ careful: isProd(one) }));
    expect(compareStacks(staging, prod, branching).unexplained).toEqual([
      `aws_dynamodb_table.orders_table.careful: ${line}`,
    ]);
  });

  it("finds an empty block, and blocks of a kind that stacks here have none of", () => {
    const empty = with_(({ name }) => (name === "prod" ? { timeouts: {} } : {}));
    expect(compareStacks(staging, prod, empty).unexplained).toEqual([
      "aws_dynamodb_table.orders_table.timeouts: nothing with the name staging, {} with prod",
    ]);
    const locals: Synth = (one) => ({ ...synth(one), ...(one.name === "prod" ? { locals: { a: 1 } } : {}) });
    expect(compareStacks(staging, prod, locals).unexplained).toEqual([
      "locals.a: nothing with the name staging, 1 with prod",
    ]);
  });

  it("takes for explained what comes of two values together", () => {
    const combined = with_(({ account_id, region, retention }) => ({
      note: `${account_id} ${region} ${retention.logs_days}`,
    }));
    expect(compareStacks(staging, prod, combined).unexplained).toEqual([]);
  });
});
