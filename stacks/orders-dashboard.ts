import { DURATIONS, NAMESPACE, NEWEST_RESULTS, ORDERS, UNREADABLE_ORDERS } from "../functions/metrics";
import { PUBLISH_CHANGES } from "../functions/publish-changes/contract";
import { apiRequests, apiServerErrors, executionsSucceeded, queueAge, queueDepth } from "../modules/alarm";
import { Dashboard, type Plotted } from "../modules/dashboard";
import type { HttpApi } from "../modules/http-api";
import type { FailureQueue, Queue } from "../modules/queue";
import { SavedQuery } from "../modules/saved-query";
import type { StateMachine } from "../modules/state-machine";
import type { EnvironmentStack } from "./environment-stack";

type Shown = {
  readonly queue: Queue;
  readonly failures: FailureQueue;
  readonly results: StateMachine<string>;
  readonly api: HttpApi;
};

const ABOUT = `# Orders

What is counted, and what to do when an alarm rings: docs/runbook.md. One order's way: \`npm run trace\`. A function's log: \`npm run logs\`.`;

const addQueries = (stack: EnvironmentStack): void => {
  const { name, auction, functions, order_changes: changes } = stack.environment;
  const group = (of: string): string => `/aws/lambda/${name}-${of}`;
  // In the same order in every environment, or comparing two of them would show each group as a difference.
  const all = [
    ...Object.keys(functions)
      .filter((of) => of !== "auction-simulator" && (of !== PUBLISH_CHANGES.name || changes !== undefined))
      .toSorted(),
    ...(auction.type === "simulator" ? ["auction-simulator"] : []),
  ].map(group);
  new SavedQuery(stack, "query-one-order", {
    name: `${name}-orders-one-order`,
    logGroups: all,
    commands: [
      "fields @timestamp, function, level, event, request_id, @message",
      '# another order\'s id here, or request_id = "…"',
      "filter order_id = 7",
      "sort @timestamp",
    ],
  });
  new SavedQuery(stack, "query-complaints", {
    name: `${name}-orders-complaints`,
    logGroups: all,
    commands: [
      'filter level in ["warn", "error", "ERROR"]',
      "stats count(*) as lines, latest(@timestamp) as newest by function, event",
      "sort lines desc",
    ],
  });
  new SavedQuery(stack, "query-products", {
    name: `${name}-orders-power-by-product`,
    logGroups: [group("archive-results")],
    commands: [
      'filter event in ["order accepted", "order rejected"] and ispresent(product)',
      "stats count(*) as orders, sum(power) as ordered, sum(awarded_power) as awarded by product, event",
      "sort awarded desc",
    ],
  });
};

const graph = (title: string, unit: string, lines: ReadonlyArray<Plotted>) =>
  ({ type: "graph", title, unit, lines }) as const;

/** How the orders are doing, and the queries that say more. */
export const addDashboard = (stack: EnvironmentStack, { queue, failures, results, api }: Shown): void => {
  const { name, region } = stack.environment;
  const counted = (metric: string): Plotted["metric"] => ({
    namespace: NAMESPACE,
    name: metric,
    dimensions: { environment: name },
  });
  const times = (metric: string): ReadonlyArray<Plotted> =>
    ["p50", "p95", "Maximum"].map((statistic) => ({ label: statistic, metric: counted(metric), statistic }));
  const sum = (label: string, metric: Plotted["metric"]): Plotted => ({ label, metric, statistic: "Sum" });
  const most = (label: string, metric: Plotted["metric"]): Plotted => ({
    label,
    metric,
    statistic: "Maximum",
  });
  const statuses = Object.entries(ORDERS);

  new Dashboard(stack, "dashboard", {
    name: `${name}-orders`,
    region,
    widgets: [
      { type: "text", markdown: ABOUT },
      graph(
        "Orders by the status they got",
        "orders a minute",
        statuses.map(([status, metric]) => sum(status, counted(metric))),
      ),
      graph("From received to submitted", "milliseconds", times(DURATIONS.submitted)),
      graph("From received to decided", "milliseconds", times(DURATIONS.accepted)),
      { type: "age", title: "Age of the newest results", metric: counted(NEWEST_RESULTS) },
      graph("Runs of the results pipeline that succeeded", "runs a minute", [
        sum("succeeded", executionsSucceeded(results.arn)),
      ]),
      graph("Messages that wait", "messages", [
        most("orders", queueDepth(queue.name)),
        most("dead letters", queueDepth(queue.deadLetterName)),
        most("failures", queueDepth(failures.name)),
      ]),
      graph("The oldest order that waits", "seconds", [most("age", queueAge(queue.name))]),
      graph("The API's answers", "answers a minute", [
        sum("all", apiRequests(api.id)),
        sum("5xx", apiServerErrors(api.id)),
      ]),
      graph("Orders that could not be read", "orders a minute", [
        sum("unreadable", counted(UNREADABLE_ORDERS.name)),
      ]),
    ],
  });
  addQueries(stack);
};
