import { declaredBy } from "../../../console/system/declared";
import { mapOf } from "../../../console/system/map";
import { declaredEnvironments, shippedNames } from "../../support/synth";

const stacks = declaredEnvironments();
const mapOfStack = (name: string) => mapOf(declaredBy(JSON.parse(stacks.get(name)?.text ?? ""), name));
const map = mapOfStack("local");

const lines = map.edges.map(({ from, to, kind }) => {
  const short = (id: string): string => id.split(".")[1] ?? "";
  return `${short(from)} ${kind} ${short(to)}`;
});

it("has every resource that does or holds something", () => {
  const counts = Map.groupBy(map.nodes, ({ kind }) => kind);
  expect(Object.fromEntries([...counts].map(([kind, nodes]) => [kind, nodes.length]))).toEqual({
    api: 2,
    bucket: 1,
    function: 9,
    machine: 1,
    queue: 3,
    schedule: 2,
    table: 4,
    topic: 2,
  });
});

it.each([
  ["routes", "api route place_orders"],
  ["event sources", "orders_queue event submit_orders"],
  ["subscriptions", "notifications subscription notify_slack"],
  ["schedules", "results_schedule schedule results"],
  ["grants", "submit_orders grant orders_table"],
  ["the tasks of a state machine", "results grant fetch_results"],
  ["dead letters", "orders_queue failure orders_queue_dlq"],
  ["the failures of subscriptions", "alarms failure failures"],
])("has the edges of %s", (_, line) => {
  expect(lines).toContain(line);
});

it("has one edge between two resources, of what says most", () => {
  expect(new Set(map.edges.map(({ from, to }) => `${from} ${to}`)).size).toBe(map.edges.length);
  expect(lines).not.toContain("submit_orders grant orders_queue");
  expect(lines).not.toContain("results_schedule grant results");
});

it("names what a route takes, and what a grant allows", () => {
  const labels = (from: string, to: string) =>
    map.edges.find((edge) => edge.from.endsWith(`.${from}`) && edge.to.endsWith(`.${to}`))?.labels;
  expect(labels("api", "query_orders")).toEqual(
    expect.arrayContaining(["GET /orders", "GET /orders/{order_id}", "GET /health"]),
  );
  expect(labels("submit_orders", "orders_table")).toEqual(
    expect.arrayContaining(["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"]),
  );
});

it.each(shippedNames)(
  "has a name for every resource of %s, and no reference in place of one",
  (environment) => {
    expect(
      mapOfStack(environment)
        .nodes.map(({ name }) => name)
        .filter((name) => /[${]/.test(name)),
    ).toEqual([]);
  },
);
