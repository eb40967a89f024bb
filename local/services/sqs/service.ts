import { fauxqs } from "../fauxqs/server";
import type { LocalService } from "../service";
import { sqs } from "./api";
import { queueKeys, queuePolicies } from "./policies";
import { makeQueues, queuesBackend } from "./queues";

export { resources } from "./resources";

export const service: LocalService = {
  api: sqs,
  server: fauxqs,
  policies: queuePolicies,
  encryptions: queueKeys,
  start: ({ client, stack, forward, deployment }) => ({
    backend: queuesBackend(forward(fauxqs), deployment.awsUrl),
    create: () => makeQueues(client, stack),
  }),
};
