import { steadyNow } from "../../clock";
import type { LocalService } from "../service";
import { declaredAlarms } from "./alarms";
import { resources } from "./resources";

export { resources } from "./resources";

export const service: LocalService = {
  start: ({ stack, metrics, isMeasured, client, deployment, activity }) => {
    const alarms = declaredAlarms(stack(resources.aws_cloudwatch_metric_alarm), {
      metrics,
      isMeasured,
      client,
      deployment,
      activity,
      now: steadyNow,
    });
    return { run: alarms.start, pause: alarms.stop };
  },
};
