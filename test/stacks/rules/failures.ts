import { all, at, each, refersTo, resources, type Check, type Rule, type Stack } from "./rule";

/** The alarms on one thing, by the metrics they watch. */
const alarmed = (stack: Stack, address: string): ReadonlyArray<string> =>
  resources(stack, "aws_cloudwatch_metric_alarm")
    .filter(({ attributes }) => refersTo(attributes["dimensions"], address))
    .map(({ attributes }) => String(attributes["metric_name"]));

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

export const FAILURES: ReadonlyArray<Rule> = [
  {
    sentence: "Every queue that a function reads has a dead-letter queue",
    check: each("aws_lambda_event_source_mapping", ({ attributes }, stack) => {
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
    checkov: ["CKV_AWS_116"],
    apart:
      "The check asks every function for a `dead_letter_config`. Ours have a failure destination, which keeps the error beside the event, and only where nobody waits for the answer: the API, the queue and the state machine see a failure themselves.",
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
    sentence: "Every function, state machine and API has alarms for its failures",
    check: all(
      each("aws_lambda_function", ({ name, address }, stack) => {
        // The simulator stands in for somebody else's system: its failures are seen by its callers.
        if (name === "auction_simulator") return undefined;
        const missing = ["Errors", "Throttles"].find((metric) => !alarmed(stack, address).includes(metric));
        return missing === undefined ? undefined : `add an alarm on ${missing}`;
      }),
      watched("aws_sfn_state_machine", ["ExecutionsFailed", "ExecutionsTimedOut"]),
      each("aws_apigatewayv2_api", ({ name, address }, stack) =>
        name === "auction_api" || alarmed(stack, address).includes("5xx") ? undefined : "add an alarm on 5xx",
      ),
    ),
  },
  {
    sentence: "Every alarm tells somebody",
    checkov: ["CKV_AWS_319"],
    check: each("aws_cloudwatch_metric_alarm", ({ attributes }, stack) =>
      attributes["actions_enabled"] !== false &&
      resources(stack, "aws_sns_topic_subscription").some(({ attributes: { topic_arn: topic } }) =>
        [attributes["alarm_actions"]].flat().includes(topic),
      )
        ? undefined
        : "give it alarm_actions with a topic that has a subscription, and leave actions enabled",
    ),
  },
];
