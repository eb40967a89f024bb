import { UNREADABLE_ORDERS } from "../functions/metrics";
import {
  Alarm,
  apiRequests,
  apiServerErrors,
  executionsSucceeded,
  type Metric,
  queueAge,
  queueDepth,
  type Symptom,
} from "../modules/alarm";
import type { HttpApi } from "../modules/http-api";
import type { FailureQueue, Queue } from "../modules/queue";
import type { StateMachine } from "../modules/state-machine";
import type { Topic } from "../modules/topic";
import type { EnvironmentStack } from "./environment-stack";

type Watched = {
  readonly queue: Queue;
  readonly failures: FailureQueue;
  readonly results: StateMachine<string>;
  readonly api: HttpApi;
};

const unreadableOrders = (environment: string): Metric => ({
  ...UNREADABLE_ORDERS,
  dimensions: { environment },
  statistic: "Sum",
});

/** Of the API's answers, where at least so many a minute are asked for. */
const SERVER_ERRORS_PERCENT = 5;
const REQUESTS_WORTH_A_PERCENTAGE = 10;

/**
 * Few alarms, each on what somebody outside would notice: what is retried and then succeeds wakes nobody. Each
 * says what to do, and has its section in the runbook, by its name.
 */
export const addAlarms = (stack: EnvironmentStack, topic: Topic, watched: Watched): void => {
  const { name, alarms, schedules } = stack.environment;
  const { queue, failures, results, api } = watched;
  const described = (section: string, text: string): string => `${text} Runbook: docs/runbook.md#${section}`;
  const alarm = (id: string, section: string, text: string, symptom: Symptom): Alarm =>
    new Alarm(stack, `alarm-${id}`, {
      name: `${name}-${id}`,
      description: described(section, text),
      symptom,
      topic,
    });

  alarm(
    "orders-queue-age",
    "orders-not-submitted",
    `The oldest order has waited longer than ${alarms.queue_age_seconds} seconds to be submitted. Is the auction platform answering? See submit-orders' log.`,
    { type: "above", metric: queueAge(queue.name), threshold: alarms.queue_age_seconds },
  );
  alarm(
    "orders-dead-letters",
    "orders-not-submitted",
    `Orders were given up after their last delivery. What and why, and back with them: npm run redrive -- ${name}.`,
    { type: "above", metric: queueDepth(queue.deadLetterName), threshold: 0 },
  );
  alarm(
    "failures",
    "failures",
    "An announcement, an alarm or a scheduled start was not delivered; the failures queue has it, and why.",
    { type: "above", metric: queueDepth(failures.name), threshold: 0 },
  );
  alarm(
    "orders-unreadable",
    "orders-unreadable",
    "Stored orders cannot be read and are passed over. Which, and what is wrong with them: the functions' logs, stored orders unreadable.",
    { type: "above", metric: unreadableOrders(name), threshold: 0 },
  );
  alarm(
    "api-errors",
    "api-errors",
    `More than ${SERVER_ERRORS_PERCENT} % of the orders API's answers are 5xx. Is a service it needs down? Clients may safely repeat their requests.`,
    {
      type: "share",
      of: apiServerErrors(api.id),
      among: apiRequests(api.id),
      percent: SERVER_ERRORS_PERCENT,
      atLeast: REQUESTS_WORTH_A_PERCENTAGE,
    },
  );
  if (!schedules.results.enabled) return;
  alarm(
    "results-missing",
    "results-missing",
    `No run of the results pipeline has succeeded for ${alarms.results_silence_minutes} minutes. Look at its executions; the next goes on from the same page.`,
    {
      type: "silence",
      metric: executionsSucceeded(results.arn),
      minutes: alarms.results_silence_minutes,
    },
  );
};
