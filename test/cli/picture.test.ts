import { readFileSync } from "node:fs";
import { mermaid } from "../../cli/picture/mermaid";
import { PAGES, withPicture } from "../../cli/picture/pages";
import { declaredBy } from "../../console/system/declared";
import { mapOf } from "../../console/system/map";
import { declaredEnvironment } from "../support/synth";

const pictureOf = (environment: string): string =>
  mermaid(mapOf(declaredBy(JSON.parse(declaredEnvironment(environment).text), environment)));
const picture = pictureOf("prod");

it.each(PAGES)("%s has the system as it is declared: npm run picture", (name) => {
  const page = readFileSync(name, "utf8");
  expect(withPicture(page, picture)).toBe(page);
});

it("is small enough to be read", () => {
  expect(picture.match(/<i>/g)?.length).toBeLessThanOrEqual(25);
});

it("draws the way of an order", () => {
  for (const line of [
    'api_api ==>|"POST /orders"| function_place_orders',
    "function_place_orders --> queue_orders_queue",
    "queue_orders_queue ==> function_submit_orders",
    "table_orders_table --> function_query_orders",
    "schedule_results_schedule ==> machine_results",
    "topic_notifications ==> function_notify_slack",
  ])
    expect(picture).toContain(line);
});

it("names things as every environment does", () => {
  expect(picture).not.toMatch(/prod-/);
});
