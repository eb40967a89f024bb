import type { DeclaredStack } from "../catalog";
import type { Report } from "../service";
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

/** Shows each object that is written. */
export const reportWrites: Report = ({ operation, url, headers, body }, { activity }) => {
  if (operation !== "PutObject") return;
  const [path = ""] = url.split("?", 1);
  const [, bucket = "", ...key] = path.split("/").map(decodeURIComponent);
  activity.object(bucket, key.join("/"), Number(headers["x-amz-decoded-content-length"] ?? body.length));
};
