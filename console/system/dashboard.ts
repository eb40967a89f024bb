/** The declared dashboard: what it draws is what the console draws, in the same order and by the same names. */
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { type Declared, statesArn, textOf } from "./declared";
import { nameOf } from "./nodes";

export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: readonly [name: string, value: string];
};

export type Percentile = `p${number}`;
export const isPercentile = (text: string): text is Percentile => /^p\d{1,2}$/.test(text);

const Statistic = t.union([
  t.keyof({ Sum: null, Maximum: null, Average: null }),
  t.refinement(t.string, isPercentile, "p0 to p99"),
]);
export type Statistic = t.TypeOf<typeof Statistic>;

/** `age`: how long ago the time is that a metric says, in epoch seconds. */
export type Graph = {
  readonly title: string;
  readonly unit: string;
  readonly kind: "counts" | "values" | "age";
  readonly lines: ReadonlyArray<{
    readonly label: string;
    readonly metric: Metric;
    readonly statistic: Statistic;
  }>;
};

export type Dashboard = {
  readonly name: string;
  readonly graphs: ReadonlyArray<Graph>;
  /** Titles of graphs that AWS alone can draw: it knows a resource by an id that is not declared. */
  readonly undrawn: ReadonlyArray<string>;
};

const Options = t.partial({ label: t.string, stat: Statistic, expression: t.string });
const Titled = t.type({ properties: t.type({ title: t.string }) });
const Widget = t.intersection([
  Titled,
  t.type({
    properties: t.type({
      yAxis: t.type({ left: t.type({ label: t.string }) }),
      metrics: t.array(t.array(t.union([t.string, Options]))),
    }),
  }),
]);
type Widget = t.TypeOf<typeof Widget>;
const Body = t.type({ widgets: t.array(t.unknown) });

/** A time's age in minutes, as `modules/dashboard.ts` writes it. */
const AGE = /^\(EPOCH\((\w+)\) - FILL\(\1, REPEAT\)\) \/ 60$/;
const REFERENCE = /^\$\{(\w+\.\w+)\.(name|arn)\}$/;

/** The value of a dimension; undefined where it is known to AWS alone. */
const valueOf = (declared: Declared, text: string): string | undefined => {
  if (!text.includes("${")) return text;
  const [, address = "", attribute] = REFERENCE.exec(text) ?? [];
  const resource = declared.at(address);
  if (resource === undefined) return undefined;
  if (attribute === "name") return nameOf(resource);
  return resource.type === "aws_sfn_state_machine"
    ? statesArn(declared, "stateMachine", nameOf(resource))
    : undefined;
};

type Entry = Widget["properties"]["metrics"][number];
type Line = Graph["lines"][number];

const optionsOf = (entry: Entry): t.TypeOf<typeof Options> =>
  entry.find((one) => typeof one !== "string") ?? {};

const lineOf = (declared: Declared, entry: Entry): Line | undefined => {
  const { label, stat: statistic } = optionsOf(entry);
  const [namespace, name, key, text, ...others] = entry.filter((one) => typeof one === "string");
  if (namespace === undefined || name === undefined || key === undefined || text === undefined)
    return undefined;
  const value = valueOf(declared, text);
  if (value === undefined || statistic === undefined || others.length > 0) return undefined;
  return { label: label ?? name, metric: { namespace, name, dimension: [key, value] }, statistic };
};

const graphOf = (
  declared: Declared,
  { properties: { title, yAxis, metrics } }: Widget,
): Graph | undefined => {
  const expressions = metrics.flatMap((entry) => optionsOf(entry).expression ?? []);
  const isAge = expressions.length === 1 && AGE.test(expressions.join());
  const drawn = metrics.filter((entry) => optionsOf(entry).expression === undefined);
  const lines = drawn.flatMap((entry) => lineOf(declared, entry) ?? []);
  if (lines.length === 0 || lines.length < drawn.length) return undefined;
  if (isAge)
    return {
      title,
      unit: yAxis.left.label,
      kind: "age",
      lines: lines.map((one) => ({ ...one, label: "age" })),
    };
  if (expressions.length > 0) return undefined;
  return {
    title,
    unit: yAxis.left.label.replace(/ a minute$/, ""),
    kind: lines.every(({ statistic }) => statistic === "Sum") ? "counts" : "values",
    lines,
  };
};

/** Undefined of a stack without one. */
export const dashboardOf = (declared: Declared): Dashboard | undefined => {
  const [resource] = declared.ofType("aws_cloudwatch_dashboard");
  const body = resource === undefined ? undefined : jsonOrUndefined(textOf(resource, "dashboard_body") ?? "");
  if (resource === undefined || !Body.is(body)) return undefined;
  const widgets = body.widgets.filter(Titled.is).map((widget) => ({
    title: widget.properties.title,
    graph: Widget.is(widget) ? graphOf(declared, widget) : undefined,
  }));
  return {
    name: textOf(resource, "dashboard_name") ?? "",
    graphs: widgets.flatMap(({ graph }) => graph ?? []),
    undrawn: widgets.flatMap(({ title, graph }) => (graph === undefined ? [title] : [])),
  };
};

/** Where AWS shows it. */
export const dashboardUrl = (
  { region }: Pick<Declared, "region">,
  { name }: Pick<Dashboard, "name">,
): string =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
