import { readFileSync } from "node:fs";
import * as t from "io-ts";
import { all, at, each, refersTo, resources, type Check, type Resource, type Rule, type Stack } from "./rule";

const ALARM = "aws_cloudwatch_metric_alarm";

const Query = t.type({ metric: t.type({ metric_name: t.string, dimensions: t.unknown }) });

/** The alarms on one thing, by the metrics they watch, alone or as a part of an expression. */
const alarmed = (stack: Stack, address: string): ReadonlyArray<string> =>
  resources(stack, "aws_cloudwatch_metric_alarm").flatMap(({ attributes }) => [
    ...(refersTo(attributes["dimensions"], address) ? [String(attributes["metric_name"])] : []),
    ...[attributes["metric_query"] ?? []]
      .flat()
      .filter(Query.is)
      .filter(({ metric }) => refersTo(metric.dimensions, address))
      .map(({ metric }) => metric.metric_name),
  ]);

const watched = (type: string, metrics: ReadonlyArray<string>): Check =>
  each(type, ({ address }, stack) => {
    const missing = metrics.find((metric) => !alarmed(stack, address).includes(metric));
    return missing === undefined ? undefined : `add an alarm on ${missing}`;
  });

/** Queues that something gives up to: by a redrive policy, a dead-letter setting or a failure destination. */
const isGivenUpTo = (stack: Stack, address: string): boolean =>
  [
    ["aws_sqs_queue", "redrive_policy"],
    ["aws_sns_topic_subscription", "redrive_policy"],
    ["aws_scheduler_schedule", "target"],
    ["aws_lambda_function_event_invoke_config", "destination_config"],
    ["aws_lambda_event_source_mapping", "destination_config"],
  ].some(([type = "", attribute = ""]) =>
    resources(stack, type).some(({ attributes }) => refersTo(attributes[attribute], address)),
  );

const isOurQueue = (stack: Stack, value: unknown): boolean =>
  resources(stack, "aws_sqs_queue").some(({ address }) => refersTo(value, address));

/** Whether an alarm rings at the first message somebody gave up. */
const ringsAtTheFirst = (stack: Stack, address: string): boolean =>
  resources(stack, "aws_cloudwatch_metric_alarm").some(
    ({ attributes }) =>
      refersTo(attributes["dimensions"], address) &&
      attributes["metric_name"] === "ApproximateNumberOfMessagesVisible" &&
      attributes["comparison_operator"] === "GreaterThanThreshold" &&
      attributes["threshold"] === 0,
  );

/** What Lambda itself calls asynchronously: functions that topics and schedules invoke. */
const isInvokedLater = (stack: Stack, address: string): boolean =>
  resources(stack, "aws_sns_topic_subscription").some(({ attributes }) =>
    refersTo(attributes["endpoint"], address),
  ) ||
  resources(stack, "aws_scheduler_schedule").some(({ attributes }) =>
    refersTo(at(attributes["target"], "arn"), address),
  );

const tellsSomebody = ({ attributes }: Resource, stack: Stack): string | undefined => {
  const tells =
    attributes["actions_enabled"] !== false &&
    resources(stack, "aws_sns_topic_subscription").some(({ attributes: { topic_arn: topic } }) =>
      [attributes["alarm_actions"]].flat().includes(topic),
    );
  return tells
    ? undefined
    : "give it alarm_actions with a topic that has a subscription, and leave actions enabled";
};

/** The runbook's headings, as links name them. */
const runbookSections = (): ReadonlyArray<string> =>
  [...readFileSync("docs/runbook.md", "utf8").matchAll(/^## (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z ]/g, "")
      .replaceAll(" ", "-"),
  );

export const FAILURES: ReadonlyArray<Rule> = [
  {
    sentence: "Every queue and stream that a function reads has a queue for what fails",
    check: each("aws_lambda_event_source_mapping", ({ attributes }, stack) => {
      if (String(attributes["event_source_arn"]).includes(".stream_arn}"))
        return isOurQueue(stack, at(attributes["destination_config"], "on_failure.destination_arn"))
          ? undefined
          : "give it a failure destination";
      const queue = resources(stack, "aws_sqs_queue").find(({ address }) =>
        refersTo(attributes["event_source_arn"], address),
      );
      return String(queue?.attributes["redrive_policy"]).includes("deadLetterTargetArn")
        ? undefined
        : `give ${queue?.address ?? "its queue"} a redrive_policy`;
    }),
  },
  {
    sentence: "Every function that is invoked asynchronously has a failure destination",
    check: each("aws_lambda_function", ({ address }, stack) => {
      if (!isInvokedLater(stack, address)) return undefined;
      return resources(stack, "aws_lambda_function_event_invoke_config").some(
        ({ attributes }) =>
          refersTo(attributes["function_name"], address) &&
          isOurQueue(stack, at(attributes["destination_config"], "on_failure.destination")),
      )
        ? undefined
        : "give it a failure destination";
    }),
  },
  {
    sentence: "Every subscription of a function and every schedule has a dead-letter queue",
    check: all(
      each("aws_sns_topic_subscription", ({ attributes }, stack) =>
        attributes["protocol"] === "lambda" && !isOurQueue(stack, attributes["redrive_policy"])
          ? "give it a redrive_policy"
          : undefined,
      ),
      each("aws_scheduler_schedule", ({ attributes }, stack) =>
        isOurQueue(stack, at(attributes["target"], "dead_letter_config.arn"))
          ? undefined
          : "give its target a dead_letter_config",
      ),
    ),
  },
  {
    sentence: "Every queue that something is given up to has an alarm that rings at the first",
    check: each("aws_sqs_queue", ({ address }, stack) =>
      isGivenUpTo(stack, address) && !ringsAtTheFirst(stack, address)
        ? "add an alarm on ApproximateNumberOfMessagesVisible above 0"
        : undefined,
    ),
  },
  {
    sentence: "Every queue that a function reads has an alarm on the age of its oldest message",
    check: (stack) =>
      watched("aws_sqs_queue", ["ApproximateAgeOfOldestMessage"])(stack).filter(({ address }) =>
        resources(stack, "aws_lambda_event_source_mapping").some(({ attributes }) =>
          refersTo(attributes["event_source_arn"], address),
        ),
      ),
  },
  {
    sentence:
      "Every state machine has an alarm on its successes, and every API on the rate of its 5xx answers",
    check: all(
      watched("aws_sfn_state_machine", ["ExecutionsSucceeded"]),
      // The simulator stands in for somebody else's system: its failures are seen by its callers.
      each("aws_apigatewayv2_api", ({ name, address }, stack) => {
        const missing = ["5xx", "Count"].find((metric) => !alarmed(stack, address).includes(metric));
        return name === "auction_api" || missing === undefined ? undefined : `add an alarm on ${missing}`;
      }),
    ),
  },
  {
    sentence: "Every alarm tells somebody",
    check: each(ALARM, tellsSomebody),
  },
  {
    sentence: "Every alarm says what it means and where the runbook says what to do",
    check: each(ALARM, ({ attributes }) => {
      const [, text = "", section = ""] =
        /^(.*\.) Runbook: docs\/runbook\.md#([a-z-]+)$/.exec(String(attributes["alarm_description"])) ?? [];
      return text.length > 40 && runbookSections().includes(section)
        ? undefined
        : "end its alarm_description with a section that docs/runbook.md has";
    }),
  },
  {
    sentence:
      "Every subscription to alarms is told what rang and what is over, not that an alarm has begun to look",
    check: each("aws_sns_topic_subscription", ({ attributes }, stack) =>
      resources(stack, ALARM).some((alarm) =>
        [alarm.attributes["alarm_actions"]].flat().includes(attributes["topic_arn"]),
      ) &&
      !(
        attributes["filter_policy_scope"] === "MessageBody" &&
        String(attributes["filter_policy"]).includes('"OldStateValue":["ALARM"]')
      )
        ? "filter it by the message's body: OldStateValue, NewStateValue"
        : undefined,
    ),
  },
];
