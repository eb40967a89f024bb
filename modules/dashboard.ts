import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Metric } from "./alarm";

/** A line of a graph. */
export type Plotted = {
  readonly label: string;
  readonly metric: Omit<Metric, "statistic">;
  /** `Sum`, `Maximum`, `p95`, … */
  readonly statistic: string;
};

export type Widget =
  | { readonly type: "text"; readonly markdown: string }
  | {
      readonly type: "graph";
      readonly title: string;
      readonly unit: string;
      readonly lines: ReadonlyArray<Plotted>;
    }
  /** How long ago a metric's newest value is, where that is a time in epoch seconds. */
  | { readonly type: "age"; readonly title: string; readonly metric: Omit<Metric, "statistic"> };

export type DashboardProps = {
  readonly name: string;
  readonly region: string;
  /** From left to right, two in a row. */
  readonly widgets: ReadonlyArray<Widget>;
};

const COLUMNS = 2;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 6;
const MINUTE = 60;

const dimensions = (metric: Omit<Metric, "statistic">): ReadonlyArray<string> =>
  Object.entries(metric.dimensions).flat();

const drawn = (widget: Widget, region: string): { readonly type: string; readonly properties: object } => {
  const graph = { view: "timeSeries", region, period: MINUTE };
  switch (widget.type) {
    case "text":
      return { type: "text", properties: { markdown: widget.markdown } };
    case "graph":
      return {
        type: "metric",
        properties: {
          ...graph,
          title: widget.title,
          yAxis: { left: { label: widget.unit, showUnits: false, min: 0 } },
          metrics: widget.lines.map(({ label, metric, statistic }) => [
            metric.namespace,
            metric.name,
            ...dimensions(metric),
            { label, stat: statistic },
          ]),
        },
      };
    case "age":
      return {
        type: "metric",
        properties: {
          ...graph,
          title: widget.title,
          yAxis: { left: { label: "minutes", showUnits: false, min: 0 } },
          metrics: [
            [{ expression: "(EPOCH(newest) - FILL(newest, REPEAT)) / 60", label: "minutes ago", id: "age" }],
            [
              widget.metric.namespace,
              widget.metric.name,
              ...dimensions(widget.metric),
              { id: "newest", stat: "Maximum", visible: false },
            ],
          ],
        },
      };
  }
};

/** What somebody looks at who wants to know how it is going. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { name, region, widgets }: DashboardProps) {
    super(scope, id);
    new CloudwatchDashboard(this, "this", {
      dashboardName: name,
      dashboardBody: JSON.stringify({
        widgets: widgets.map((widget, index) => ({
          x: (index % COLUMNS) * WIDTH,
          y: Math.floor(index / COLUMNS) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          ...drawn(widget, region),
        })),
      }),
    });
  }
}
