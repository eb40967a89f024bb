import * as E from "fp-ts/Either";
import { type Declared, readDeclared } from "../../cli/cost/declared";
import { report } from "../../cli/cost/report";
import { DEFAULTS } from "../../cli/cost/workload";
import { isObject, type JsonObject, parseJson } from "../../local/json";
import { declaredEnvironment } from "../support/synth";

const MAPPING = ["resource", "aws_lambda_event_source_mapping", "submit_orders_orders_queue_source"];
const text = declaredEnvironment("dev").text;

const read = (json: unknown): Declared => {
  const declared = readDeclared(json);
  if (E.isLeft(declared)) throw new Error(declared.left);
  return declared.right;
};
const dev = read(parseJson(text));

/** dev's stack with something else in a place. */
const changed = (
  [key, ...path]: ReadonlyArray<string>,
  value: JsonObject,
  json = parseJson(text),
): JsonObject => {
  if (key === undefined) return value;
  const object = json !== undefined && isObject(json) ? json : {};
  return { ...object, [key]: changed(path, value, object[key]) };
};

describe("what the model reads of a stack", () => {
  it("is the batches of the queue, apart from those of the stream", () => {
    expect(dev).toMatchObject({
      ...{ batchSize: 100, submissionsAtOnce: 5 },
      changes: { batchSize: 100, queues: 1 },
      budget: 20,
    });
  });

  it.each([
    ["a queue that is read without a bound", { batch_size: 10 }],
    ["a mapping without batches", { scaling_config: { maximum_concurrency: 5 } }],
  ])("is not %s", (_, mapping) => {
    expect(readDeclared(changed(MAPPING, mapping))).toEqual(
      E.left(expect.stringContaining("submit_orders_orders_queue_source")),
    );
  });
});

describe("subscribers", () => {
  const workload = { ...DEFAULTS, ordersPerDay: 1_000_000 };
  const told = (queues: number | undefined) =>
    report(
      "dev",
      { ...dev, changes: queues === undefined ? undefined : { batchSize: 100, queues } },
      workload,
    );
  const amount = (queues: number | undefined, resource: string): number | undefined =>
    told(queues).lines.find((line) => line.resource === resource)?.perOrder;

  it("are told of three changes of an order, ten together, by one invocation for a hundred writes", () => {
    expect(amount(1, "publish-changes")).toBeCloseTo(0.04);
    expect(amount(1, "order changes")).toBeCloseTo(0.3);
    expect(amount(1, "order changes, deliveries")).toBeCloseTo(3);
    expect(amount(2, "order changes, deliveries")).toBeCloseTo(6);
    expect(amount(0, "order changes")).toBeCloseTo(0.3);
  });

  it("cost nothing where there is no stream", () => {
    expect(amount(undefined, "publish-changes")).toBe(0);
    expect(amount(undefined, "order changes")).toBeUndefined();
  });

  it("cost for a million orders what docs/scale.md says", () => {
    const dollars = (queues: number | undefined): number => told(queues).dollarsPerMillionOrders;
    expect(dollars(0) - dollars(undefined)).toBeCloseTo(2.13, 2);
    expect(dollars(1) - dollars(0)).toBeCloseTo(1.2, 2);
  });
});

it("a month's budget is a limit like the others", () => {
  const one = report("dev", dev, { ...DEFAULTS, ordersPerDay: 100_000 });
  expect(one.quotas.find(({ name }) => name === "budget of a month")).toMatchObject({
    ...{ limit: 20, used: one.dollarsPerMonth, unit: "US$" },
    then: `budget.usd_per_month: ${Math.ceil(one.dollarsPerMonth)}`,
  });
});
