import type { ServerThread } from "../service";

/** Serves SQS, SNS and S3. */
export const fauxqs: ServerThread = (data, recover) => ({
  part: "fauxqs",
  queues: data.queues,
  buckets: data.buckets,
  sealed: data.servicesSealed,
  damaged: data.damaged,
  recover,
});
