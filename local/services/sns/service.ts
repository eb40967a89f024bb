import { fauxqs } from "../fauxqs/server";
import { deliveryArn } from "../lambda/event-queue";
import type { LocalService } from "../service";
import { sns } from "./api";
import { refuseLarge } from "./limits";
import { topicKeys, topicPolicies } from "./policies";
import { makeTopics, reportMails } from "./topics";

export { resources } from "./resources";

export const service: LocalService = {
  api: sns,
  report: reportMails,
  server: fauxqs,
  // A topic delivers to queues: those of the stack, and the one in front of each function.
  after: ["sqs", "lambda"],
  policies: topicPolicies,
  encryptions: topicKeys,
  start: ({ client, stack, forward, deployment }) => {
    const topics = forward(fauxqs);
    return {
      backend: async (call) => {
        refuseLarge(call);
        return topics(call);
      },
      create: () => makeTopics(client, stack, (endpoint) => deliveryArn(stack, deployment, endpoint)),
    };
  },
};
