import { QUEUE_METRICS, queueGauges } from "../fauxqs/queue-gauges";
import { fauxqs } from "../fauxqs/server";
import type { LocalService } from "../service";
import { sqs } from "./api";
import { queueKeys, queuePolicies } from "./policies";
import { inBothProtocols } from "./query-protocol";
import { makeQueues, queuesBackend } from "./queues";

export { resources } from "./resources";

export const service: LocalService = {
  api: sqs,
  server: fauxqs,
  policies: queuePolicies,
  encryptions: queueKeys,
  measures: { namespace: "AWS/SQS", names: QUEUE_METRICS },
  start: ({ client, stack, forward, deployment, data, metrics }) => ({
    backend: inBothProtocols(queuesBackend(forward(fauxqs), deployment.awsUrl)),
    create: () => makeQueues(client, stack),
    run: () => metrics.measure(queueGauges(data.queues)),
  }),
};
