import { randomUUID } from "node:crypto";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { ConfigOf, Declared } from "../catalog";
import type { StartContext } from "../service";
import { keptRecord } from "../../kept-record";
import { messageOf, StartError } from "../../start-error";
import { type Due, dueOf } from "./due";
import { type Occurrences, parseSchedule } from "./schedule-expression";
import { invokeLater } from "../lambda/invoke";
import { resources } from "./resources";

type Schedule = Declared<ConfigOf<typeof resources.aws_scheduler_schedule>>;

/** How long a timer runs before its schedule is asked again: the wall clock may have moved. */
const LONGEST_TIMER_MS = 1_000;

const isMachine = ({ config }: Schedule): boolean => config.target.arn.startsWith("arn:aws:states:");

const occurrencesOf = (schedule: Schedule, override: string | undefined): Occurrences | undefined => {
  const { address, config } = schedule;
  const { arn } = config.target;
  if (!arn.startsWith("arn:aws:states:") && !arn.startsWith("arn:aws:lambda:"))
    throw new StartError(
      `${address}: target.arn: the local platform starts functions and state machines only`,
    );
  const own = isMachine(schedule) ? override : undefined;
  if (own === "off" || (own === undefined && config.state === "DISABLED")) return undefined;
  const parsed = parseSchedule(own ?? config.schedule_expression, config.schedule_expression_timezone);
  if (E.isLeft(parsed)) throw new StartError(`${address}: schedule_expression: ${parsed.left}`);
  return parsed.right;
};

/**
 * Starts state machines and functions when their schedules say, or what `--schedule` gave: an expression for every
 * schedule of a state machine, or `off`.
 */
export const startSchedules = ({ stack, data, schedule: override, client, activity }: StartContext) => {
  // When each last fired, kept so that a rate goes on after a restart where it stopped.
  const fired = keptRecord(data.schedules, t.number);
  const timers = new Map<string, NodeJS.Timeout>();

  const remember = (name: string): void => fired.set(name, Date.now());

  const fire = async ({ config, attribute }: Schedule): Promise<void> => {
    const { arn, role_arn, input = "{}" } = config.target;
    const role = { kind: "role", arn: role_arn } as const;
    const executionId = randomUUID();
    const filled = input
      .replaceAll("<aws.scheduler.schedule-arn>", attribute("arn"))
      .replaceAll("<aws.scheduler.scheduled-time>", new Date().toISOString())
      .replaceAll("<aws.scheduler.execution-id>", executionId);
    if (arn.startsWith("arn:aws:lambda:")) return invokeLater(client, role, arn, filled);
    const start = { stateMachineArn: arn, name: executionId, input: filled };
    await client.json(role, "states", "StartExecution", start, t.unknown);
  };

  const plan = (schedule: Schedule, due: Due): void => {
    const name = schedule.attribute("name");
    const wait = due.inMs();
    if (wait === undefined) {
      timers.delete(name);
      return;
    }
    if (wait <= 0) {
      remember(name);
      due.fired();
      fire(schedule).catch((error: unknown) => activity.complaint(name, messageOf(error)));
    }
    const again = Math.min(Math.max(wait, 1), LONGEST_TIMER_MS);
    timers.set(
      name,
      setTimeout(() => plan(schedule, due), again),
    );
  };

  for (const schedule of stack(resources.aws_scheduler_schedule)) {
    const occurrences = occurrencesOf(schedule, override);
    if (occurrences === undefined) continue;
    const name = schedule.attribute("name");
    // A rate counts from the first start on this data; one that was due meanwhile fires once.
    if (occurrences.everyMs !== undefined && fired.get(name) === undefined) remember(name);
    plan(schedule, dueOf(occurrences, fired.get(name)));
  }
  return {
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
};
