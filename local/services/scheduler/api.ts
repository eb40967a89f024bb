import type { AwsService } from "../../engine/service";
import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import { notServed, readRest, restOperation } from "../../engine/wire/rest";
import { jsonWire } from "../../engine/wire/protocol";
import type { JsonObject } from "../../json";
import type { DeclaredStack } from "../catalog";
import { resources } from "./resources";

const OPERATIONS = [
  { name: "ListSchedules", path: /^\/schedules\/?$/ },
  { name: "GetSchedule", path: /^\/schedules\/([^/]+)$/ },
  { name: "ListScheduleGroups", path: /^\/schedule-groups\/?$/ },
];

export const scheduler: AwsService = {
  name: "scheduler",
  read: readRest(OPERATIONS, (name) => `scheduler:${name}`),
  wire: jsonWire(403, {
    protocol: "rest-json",
    throttled: [429, "ThrottlingException"],
    unavailable: [503, "InternalServerException"],
    unknownOperation: [404, "UnknownOperationException"],
  }),
};

/** The part of EventBridge Scheduler's API that looks at schedules, as they are declared. */
export const schedulerBackend = (stack: DeclaredStack): Backend => {
  const schedules = stack(resources.aws_scheduler_schedule).map(({ config, attribute }) => ({
    Arn: attribute("arn"),
    Name: attribute("name"),
    GroupName: config.group_name ?? "default",
    State: config.state ?? "ENABLED",
    Target: { Arn: config.target.arn, RoleArn: config.target.role_arn },
    ScheduleExpression: config.schedule_expression,
    ScheduleExpressionTimezone: config.schedule_expression_timezone ?? "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
  }));
  const answers: Readonly<Record<string, (names: ReadonlyArray<string>) => JsonObject>> = {
    ListSchedules: () => ({
      Schedules: schedules.map(({ Arn, Name, GroupName, State, Target }) => ({
        Arn,
        Name,
        GroupName,
        State,
        Target: { Arn: Target.Arn },
      })),
    }),
    GetSchedule: ([name]) => {
      const found = schedules.find(({ Name }) => Name === name);
      if (found === undefined)
        throw new AwsError("ResourceNotFoundException", `Schedule ${name ?? ""} does not exist.`, 404);
      return found;
    },
    ListScheduleGroups: () => ({
      ScheduleGroups: [...new Set(schedules.map(({ GroupName }) => GroupName))].map((Name) => ({
        Name,
        State: "ACTIVE",
      })),
    }),
  };
  return ({ method, url }) => {
    const { name = "", names = [] } = restOperation(OPERATIONS, method, url) ?? {};
    const answer = answers[name];
    if (answer === undefined) throw notServed(scheduler, method, url);
    return Promise.resolve(jsonAnswer(answer(names), "application/json"));
  };
};
