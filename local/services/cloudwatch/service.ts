import { steadyNow } from "../../clock";
import type { LocalService } from "../service";
import { declaredAlarms } from "./alarms";
import { cloudwatch } from "./api";
import { cloudwatchBackend } from "./backend";
import { resources } from "./resources";

export { resources } from "./resources";

export const service: LocalService = {
  api: cloudwatch,
  start: ({ stack, metrics, isMeasured, client, deployment, activity }) => {
    const alarms = declaredAlarms(stack(resources.aws_cloudwatch_metric_alarm), {
      metrics,
      isMeasured,
      client,
      deployment,
      activity,
      now: steadyNow,
    });
    return { backend: cloudwatchBackend(alarms, metrics), run: alarms.start, pause: alarms.stop };
  },
};
