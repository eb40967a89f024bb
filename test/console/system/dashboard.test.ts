import { dashboardOf, dashboardUrl } from "../../../console/system/dashboard";
import { declaredBy } from "../../../console/system/declared";
import { DURATIONS, NAMESPACE, NEWEST_RESULTS, ORDERS } from "../../../functions/metrics";
import { Dashboard, type Plotted, type Widget } from "../../../modules/dashboard";
import * as synth from "../../support/synth";

const stacks = synth.declaredEnvironments();
const dashboardIn = (name: string) =>
  dashboardOf(declaredBy(JSON.parse(stacks.get(name)?.text ?? ""), name)) ?? {
    name: "",
    graphs: [],
    undrawn: [],
  };

it.each(synth.shippedNames)("%s draws all that its dashboard does but what AWS alone can name", (name) => {
  const { graphs, undrawn } = dashboardIn(name);
  expect(undrawn).toEqual(["The API's answers"]);
  const [orders, submitted, decided, age] = graphs.map(({ kind, lines }) => ({
    kind,
    lines: lines.map(({ metric, statistic }) => `${metric.name} ${statistic}`),
  }));
  expect(orders).toEqual({ kind: "counts", lines: Object.values(ORDERS).map((one) => `${one} Sum`) });
  const times = (metric: string) => ["p50", "p95", "Maximum"].map((statistic) => `${metric} ${statistic}`);
  expect(submitted).toEqual({ kind: "values", lines: times(DURATIONS.submitted) });
  expect(decided).toEqual({ kind: "values", lines: times(DURATIONS.accepted) });
  expect(age).toEqual({ kind: "age", lines: [`${NEWEST_RESULTS} Maximum`] });
});

it("has the metrics of its own environment and resources", () => {
  const { name, graphs } = dashboardIn("prod");
  expect(name).toBe("prod-orders");
  const metrics = graphs.flatMap(({ lines }) => lines).map(({ metric }) => metric);
  const ours = metrics.filter(({ namespace }) => namespace === NAMESPACE);
  expect(ours.every(({ dimension: [key, value] }) => `${key} ${value}` === "environment prod")).toBe(true);
  const account = synth.shippedEnvironments().find((one) => one.name === "prod")?.account_id ?? "";
  expect(metrics.filter((one) => !ours.includes(one)).map(({ dimension: [, value] }) => value)).toEqual([
    `arn:aws:states:eu-central-1:${account}:stateMachine:prod-orders-results`,
    "prod-orders",
    "prod-orders-dlq",
    "prod-orders-failures",
    "prod-orders",
  ]);
});

const provider = { aws: [{ region: "eu-central-1", allowed_account_ids: ["111111111111"] }] };

/** The dashboard of a stack that has these widgets. */
const drawn = (...widgets: ReadonlyArray<Widget>) => {
  const { text } = synth.declaredBy((stack) => {
    new Dashboard(stack, "dashboard", { name: "test", region: "eu-central-1", widgets });
  });
  return dashboardOf(declaredBy(Object.assign({}, synth.parsed(text), { provider }), "test"));
};

const metric = { namespace: "N", name: "Count", dimensions: { a: "1" } };
const line: Plotted = { label: "one", metric, statistic: "Sum" };
const graph = (...lines: ReadonlyArray<Plotted>): Widget => ({
  type: "graph",
  title: "Graph",
  unit: "things a minute",
  lines,
});

it("says a rate's unit without its time, which depends on the span", () => {
  expect(drawn(graph(line))?.graphs).toMatchObject([{ unit: "things", kind: "counts" }]);
});

it.each([
  ["no line", graph()],
  ["a statistic that is not read", graph(line, { ...line, statistic: "TM90" })],
  ["two dimensions", graph({ ...line, metric: { ...metric, dimensions: { a: "1", b: "2" } } })],
  ["a resource that AWS names", graph({ ...line, metric: { ...metric, dimensions: { a: "${x.y.id}" } } })],
])("names a graph with %s as one that it does not draw", (_, widget) => {
  expect(drawn(widget, graph(line))).toMatchObject({ graphs: [{ title: "Graph" }], undrawn: ["Graph"] });
});

it("draws nothing of a stack without a dashboard", () => {
  expect(dashboardOf(declaredBy({ resource: {}, provider }, "test"))).toBeUndefined();
});

it("knows where AWS shows it", () => {
  expect(dashboardUrl({ region: "eu-central-1" }, { name: "prod-orders" })).toBe(
    "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/prod-orders",
  );
});
