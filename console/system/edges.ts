import type { Edge, EdgeKind, SystemNode } from "../shapes";
import { type Declared, referencesIn, referredBy, textOf } from "./declared";

const edge = (
  from: string | undefined,
  to: string | undefined,
  kind: EdgeKind,
  labels: ReadonlyArray<string> = [],
): ReadonlyArray<Edge> => (from === undefined || to === undefined ? [] : [{ from, to, kind, labels }]);

const routes = (declared: Declared): ReadonlyArray<Edge> =>
  declared.ofType("aws_apigatewayv2_route").flatMap((route) => {
    const integration = declared.at(referredBy(route.config["target"]) ?? "");
    const labels = [textOf(route, "route_key") ?? ""];
    return edge(
      referredBy(route.config["api_id"]),
      referredBy(integration?.config["integration_uri"]),
      "route",
      labels,
    );
  });

const events = (declared: Declared): ReadonlyArray<Edge> =>
  declared
    .ofType("aws_lambda_event_source_mapping")
    .flatMap(({ config }) =>
      edge(referredBy(config["event_source_arn"]), referredBy(config["function_name"]), "event"),
    );

const subscriptions = (declared: Declared): ReadonlyArray<Edge> =>
  declared
    .ofType("aws_sns_topic_subscription")
    .flatMap(({ config }) => [
      ...edge(referredBy(config["topic_arn"]), referredBy(config["endpoint"]), "subscription"),
      ...edge(referredBy(config["topic_arn"]), referredBy(config["redrive_policy"]), "failure"),
    ]);

const targetOf = (target: unknown): ReadonlyArray<string> =>
  referencesIn(target).filter((address) => !address.startsWith("aws_iam_role."));

const schedules = (declared: Declared): ReadonlyArray<Edge> =>
  declared
    .ofType("aws_scheduler_schedule")
    .flatMap(({ address, config }) =>
      targetOf(config["target"]).flatMap((to) =>
        edge(address, to, to.startsWith("aws_sqs_queue.") ? "failure" : "schedule"),
      ),
    );

/** Where messages and events go that could not be worked on. */
const failures = (declared: Declared): ReadonlyArray<Edge> => [
  ...declared
    .ofType("aws_sqs_queue")
    .flatMap(({ address, config }) => edge(address, referredBy(config["redrive_policy"]), "failure")),
  ...declared
    .ofType("aws_lambda_function_event_invoke_config")
    .flatMap(({ config }) =>
      edge(referredBy(config["function_name"]), referredBy(config["destination_config"]), "failure"),
    ),
];

const grants = (nodes: ReadonlyArray<SystemNode>): ReadonlyArray<Edge> =>
  nodes.flatMap(({ id, grants }) => grants.flatMap(({ actions, on }) => edge(id, on, "grant", actions)));

const PRECEDENCE: ReadonlyArray<EdgeKind> = [
  "failure",
  "event",
  "route",
  "subscription",
  "schedule",
  "grant",
];

const rank = ({ kind }: Edge): number => PRECEDENCE.indexOf(kind);

/** The edges of the map: one between two nodes, of the kind that says most, with the labels of that kind. */
export const edgesOf = (declared: Declared, nodes: ReadonlyArray<SystemNode>): ReadonlyArray<Edge> => {
  const known = new Set(nodes.map(({ id }) => id));
  const all = [
    ...routes(declared),
    ...events(declared),
    ...subscriptions(declared),
    ...schedules(declared),
    ...failures(declared),
    ...grants(nodes),
  ].filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  // Who takes messages from a queue is granted to; that the queue calls it says more.
  const called = new Set(all.filter(({ kind }) => kind === "event").map(({ from, to }) => `${to} ${from}`));
  const wanted = all.filter(({ kind, from, to }) => kind !== "grant" || !called.has(`${from} ${to}`));
  return [...Map.groupBy(wanted, ({ from, to }) => `${from} ${to}`).values()].flatMap((same) => {
    const [first] = same.toSorted((a, b) => rank(a) - rank(b));
    if (first === undefined) return [];
    const labels = same.filter(({ kind }) => kind === first.kind).flatMap((one) => one.labels);
    return [{ ...first, labels: [...new Set(labels)] }];
  });
};
