import * as t from "io-ts";
import { entry, FILES, identifier, METADATA } from "../../engine/stack/resource-type";
import { block, one, oneOf } from "../../engine/stack/block";
import { arn } from "../../engine/location";
import { SCHEDULE_NAME } from "./limits";

/** Schedules. */
export const resources = {
  aws_scheduler_schedule: entry(
    block(
      {
        schedule_expression: t.string,
        target: one(
          block(
            { arn: t.string, role_arn: t.string },
            { input: t.string, retry_policy: t.unknown, dead_letter_config: t.unknown },
          ),
        ),
      },
      {
        name: SCHEDULE_NAME,
        group_name: t.string,
        schedule_expression_timezone: t.string,
        state: oneOf("ENABLED", "DISABLED"),
      },
    ),
    {
      description: METADATA,
      flexible_time_window: "a local schedule is on time",
      kms_key_arn: FILES,
      "target.retry_policy": "handing over to a local function or machine does not fail",
      "target.dead_letter_config": "handing over to a local function or machine does not fail",
    },
    ({ address, config }, deployment) => {
      const name = config.name ?? identifier(address);
      return {
        id: `${config.group_name ?? "default"}/${name}`,
        name,
        arn: arn("scheduler", deployment, `schedule/${config.group_name ?? "default"}/${name}`),
      };
    },
  ),
  aws_scheduler_schedule_group: entry(block({ name: SCHEDULE_NAME }, {}), {}, ({ config }, deployment) => ({
    id: config.name,
    arn: arn("scheduler", deployment, `schedule-group/${config.name}`),
  })),
};
