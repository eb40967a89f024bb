import { fauxqs } from "../fauxqs/server";
import type { LocalService } from "../service";
import { s3 } from "./api";
import { makeBuckets, reportWrites } from "./buckets";
import { objectsBackend } from "./objects";
import { bucketKeys, bucketPolicies } from "./policies";

export { resources } from "./resources";

export const service: LocalService = {
  api: s3,
  report: reportWrites,
  server: fauxqs,
  policies: bucketPolicies,
  encryptions: bucketKeys,
  start: ({ client, stack, forward }) => ({
    backend: objectsBackend(forward(fauxqs, true)),
    create: () => makeBuckets(client, stack),
  }),
};
