import type { LocalService } from "../service";
import { scheduler, schedulerBackend } from "./api";
import { startSchedules } from "./schedules";
import { resources } from "./resources";

export { resources } from "./resources";

export const service: LocalService = {
  api: scheduler,
  assumptions: (stack) =>
    stack(resources.aws_scheduler_schedule).map(({ address, config, attribute }) => ({
      where: `${address}: target.role_arn`,
      role: config.target.role_arn,
      service: "scheduler.amazonaws.com",
      sourceArn: attribute("arn"),
    })),
  start: (context) => {
    let schedules: ReturnType<typeof startSchedules> | undefined;
    return {
      backend: schedulerBackend(context.stack),
      run: () => {
        schedules = startSchedules(context);
      },
      pause: () => schedules?.stop(),
    };
  },
};
