import type { Declared } from "../support/synth";
import { at, statementsOf } from "./rules/rule";

/** What each role of a stack may do, as a Markdown table: read from the policies that are deployed. */

const SERVICES: Readonly<Record<string, string>> = {
  "lambda.amazonaws.com": "Lambda",
  "states.amazonaws.com": "Step Functions",
  "scheduler.amazonaws.com": "EventBridge Scheduler",
};

const code = (text: string): string => `\`${text}\``;

/** `${aws_dynamodb_table.orders_table.arn}/index/decided` → `aws_dynamodb_table.orders_table/index/decided` */
const shown = (resource: string): string =>
  resource.replaceAll(/\$\{(\w+\.\w+)\.\w+\}/g, "$1").replace(/^arn:aws:ssm:[^:]+:[^:]+:/, "");

const conditionOf = (condition: Readonly<Record<string, unknown>>): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys as object).map(
        ([key, value]) => ` if ${code(`${key} ${operator} ${String(value)}`)}`,
      ),
    )
    .join("");

/** What every function has is said once. */
const COMMON = /^(logs|tracing)$/;

const takenOnBy = (role: Readonly<Record<string, unknown>>): string =>
  statementsOf(role["assume_role_policy"], "")
    .map(({ principal, condition }) => {
      const service = String(at(principal, "Service"));
      return `${SERVICES[service] ?? service}${conditionOf(condition)}`;
    })
    .join(", ");

export const rolesTable = (stack: Declared): string => {
  const policies = Object.values(stack.all("aws_iam_role_policy"));
  const rows = Object.entries(stack.all("aws_iam_role"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, role]) => {
      const grants = policies
        .filter((policy) => String(policy["role"]).includes(`aws_iam_role.${id}.`))
        .filter((policy) => !COMMON.test(String(policy["name"])))
        .flatMap((policy) => statementsOf(policy["policy"], ""))
        .map(
          ({ actions, resources, condition }) =>
            `${actions.map(code).join(", ")} on ${resources.map(shown).map(code).join(", ")}${conditionOf(condition)}`,
        );
      return `| ${code(String(role["name"]))} | ${takenOnBy(role)} | ${grants.join("<br>")} |`;
    });
  return ["| role | assumed by | may |", "| --- | --- | --- |", ...rows].join("\n");
};
