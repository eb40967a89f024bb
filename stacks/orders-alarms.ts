import {
  Alarm,
  apiServerErrors,
  executionsFailed,
  executionsTimedOut,
  functionErrors,
  functionThrottles,
  type Metric,
  queueAge,
  queueDepth,
} from "../modules/alarm";
import type { Function } from "../modules/function";
import type { HttpApi } from "../modules/http-api";
import type { FailureQueue, Queue } from "../modules/queue";
import type { StateMachine } from "../modules/state-machine";
import type { Topic } from "../modules/topic";
import type { EnvironmentStack } from "./environment-stack";

type Watched = {
  readonly queue: Queue;
  readonly failures: FailureQueue;
  readonly functions: ReadonlyArray<Function>;
  readonly results: StateMachine<string>;
  readonly api: HttpApi;
};

/** What the functions count in their own log lines (embedded metric format). */
const unreadableOrders = (environment: string): Metric => ({
  namespace: "OrdersPlatform",
  name: "UnreadableOrders",
  dimensions: { environment },
  statistic: "Sum",
});

/** An alarm for every way an order can get stuck; each says what to do. */
export const addAlarms = (stack: EnvironmentStack, topic: Topic, watched: Watched): void => {
  const { name, alarms } = stack.environment;
  const { queue, failures, functions, results, api } = watched;
  const alarm = (id: string, props: Omit<ConstructorParameters<typeof Alarm>[2], "name" | "topic">) =>
    new Alarm(stack, `alarm-${id}`, { name: `${name}-${id}`, topic, ...props });

  alarm("orders-dead-letters", {
    description: `Orders could not be submitted. See what and why, then put them back: npm run redrive -- ${name}`,
    metric: queueDepth(queue.deadLetterName),
    threshold: 0,
  });
  alarm("orders-queue-age", {
    description:
      "Orders wait too long to be submitted. Is the auction platform answering? See submit-orders' log.",
    metric: queueAge(queue.name),
    threshold: alarms.queue_age_seconds,
  });
  alarm("failures", {
    description:
      "An event was not handled or not delivered; the failures queue has it. See the function's log.",
    metric: queueDepth(failures.name),
    threshold: 0,
  });
  alarm("orders-unreadable", {
    description:
      "Stored orders cannot be read and are passed over. Which, and what is wrong with them: the functions' logs, stored orders unreadable.",
    metric: unreadableOrders(name),
    threshold: 0,
    periodSeconds: 300,
  });
  alarm("results-failed", {
    description:
      "Fetching or archiving results failed for good; the next execution goes on from the same page.",
    metric: executionsFailed(results.arn),
    threshold: 0,
    periodSeconds: 300,
  });
  alarm("results-timed-out", {
    description:
      "An execution of the results state machine took too long; the next goes on from the same page.",
    metric: executionsTimedOut(results.arn),
    threshold: 0,
    periodSeconds: 300,
  });
  alarm("api-errors", {
    description:
      "The orders API answers 5xx: a dependency is down. Clients may safely repeat their requests.",
    metric: apiServerErrors(api.id),
    threshold: 0,
  });
  for (const { node, name: functionName } of functions) {
    alarm(`${node.id}-errors`, {
      description: `${functionName} fails. See its log.`,
      metric: functionErrors(functionName),
      threshold: 0,
      periodSeconds: 300,
    });
    alarm(`${node.id}-throttles`, {
      description: `${functionName} is throttled: its concurrency, or the account's, is used up.`,
      metric: functionThrottles(functionName),
      threshold: 0,
      periodSeconds: 300,
    });
  }
};
