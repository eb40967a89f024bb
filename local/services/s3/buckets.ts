import type { DeclaredStack } from "../catalog";
import { PLATFORM } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { AwsError } from "../../engine/gateway/errors";
import { resources } from "./resources";

export const makeBuckets = async (client: Client, stack: DeclaredStack): Promise<void> => {
  await Promise.all(
    stack(resources.aws_s3_bucket).map(({ config }) =>
      client
        .send(PLATFORM, "s3", {
          method: "PUT",
          url: `/${config.bucket}`,
          headers: { host: "127.0.0.1" },
          body: Buffer.alloc(0),
        })
        .catch((error: unknown) => {
          if (!(error instanceof AwsError && error.code.startsWith("BucketAlready"))) throw error;
        }),
    ),
  );
};
