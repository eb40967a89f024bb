import type { DeclaredStack } from "../catalog";
import { PLATFORM } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { AwsError } from "../../engine/gateway/errors";

export const makeBuckets = async (client: Client, stack: DeclaredStack): Promise<void> => {
  await Promise.all(
    stack("aws_s3_bucket").map(({ config }) =>
      client.s3(PLATFORM, "CreateBucket", "PUT", `/${config.bucket}`).catch((error: unknown) => {
        if (!(error instanceof AwsError && error.code.startsWith("BucketAlready"))) throw error;
      }),
    ),
  );
};
