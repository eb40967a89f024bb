import * as t from "io-ts";
import { queueDepth } from "../../modules/alarm";
import { Dashboard, type Widget } from "../../modules/dashboard";
import { SavedQuery } from "../../modules/saved-query";
import { declaredBy, parsed } from "../support/synth";
import { only } from "./support";

const Body = t.type({
  widgets: t.readonlyArray(
    t.type({
      x: t.number,
      y: t.number,
      width: t.number,
      height: t.number,
      type: t.string,
      properties: t.UnknownRecord,
    }),
  ),
});

const depth = queueDepth("test-orders");

const shown = (...widgets: ReadonlyArray<Widget>) => {
  const declared = declaredBy((stack) => {
    new Dashboard(stack, "dashboard", { name: "test-orders", region: "eu-central-1", widgets });
  });
  const { dashboard_name: name, dashboard_body: body } = only(declared, "aws_cloudwatch_dashboard");
  const decoded = parsed(body);
  if (!Body.is(decoded)) throw new Error(`not a dashboard: ${String(body)}`);
  return { name, widgets: decoded.widgets };
};

describe("Dashboard", () => {
  it("draws each line of a graph by its label and statistic", () => {
    const { name, widgets } = shown({
      type: "graph",
      title: "Waiting",
      unit: "messages",
      lines: [{ label: "orders", metric: depth, statistic: "Maximum" }],
    });
    expect(name).toBe("test-orders");
    expect(widgets[0]).toMatchObject({
      type: "metric",
      properties: {
        title: "Waiting",
        region: "eu-central-1",
        metrics: [
          [
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "QueueName",
            "test-orders",
            { label: "orders", stat: "Maximum" },
          ],
        ],
      },
    });
  });

  it("shows the age of a time that is not drawn itself", () => {
    expect(shown({ type: "age", title: "Age", metric: depth }).widgets[0]?.properties["metrics"]).toEqual([
      [{ expression: "(EPOCH(newest) - FILL(newest, REPEAT)) / 60", id: "age", label: "minutes ago" }],
      [
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        "test-orders",
        { id: "newest", stat: "Maximum", visible: false },
      ],
    ]);
  });

  it("covers no widget with another", () => {
    const text: Widget = { type: "text", markdown: "# Orders" };
    const { widgets } = shown(text, text, text, text, text);
    const cells = widgets.map(({ x, y, width, height }) => {
      expect(x + width).toBeLessThanOrEqual(24);
      return `${x / width} ${y / height}`;
    });
    expect(cells).toEqual(["0 0", "1 0", "0 1", "1 1", "0 2"]);
  });
});

it("SavedQuery joins its commands with pipes, for its log groups", () => {
  const declared = declaredBy((stack) => {
    new SavedQuery(stack, "query", {
      name: "test-query",
      logGroups: ["/aws/lambda/test"],
      commands: ["filter a = 1", "sort @timestamp"],
    });
  });
  expect(only(declared, "aws_cloudwatch_query_definition")).toMatchObject({
    name: "test-query",
    log_group_names: ["/aws/lambda/test"],
    query_string: "filter a = 1\n| sort @timestamp",
  });
});
