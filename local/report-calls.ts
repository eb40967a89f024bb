import type { Activity } from "./activity";
import type { DeclaredStack } from "./services/catalog";
import type { AwsCall } from "./engine/gateway/call";
import { nameOf } from "./engine/gateway/callers";
import type { Observer } from "./engine/gateway/gateway";
import { executeApi } from "./services/execute-api/api";
import { s3 } from "./services/s3/api";
import { sns } from "./services/sns/api";
import { mailsOf } from "./services/sns/topics";

const bucketAndKey = (url: string): readonly [string, string] => {
  const [path = ""] = url.split("?", 1);
  const [, bucket = "", ...key] = path.split("/").map(decodeURIComponent);
  return [bucket, key.join("/")];
};

const who = (call: AwsCall): string => `${nameOf(call.caller)}: ${call.service.name} ${call.operation}`;

/** Which calls through the gateway are shown: objects written, emails sent, refusals. */
export const reportCalls =
  (activity: Activity, stack: DeclaredStack): Observer =>
  (call, { status, body }) => {
    if (call.service === executeApi || call.caller.kind === "platform") return;
    if (status >= 500 || status === 403)
      activity.complaint(who(call), `answered ${status} ${body.toString("utf8", 0, 300)}`);
    if (status >= 300) return;
    if (call.service === s3 && call.operation === "PutObject") {
      const [bucket, key] = bucketAndKey(call.url);
      activity.object(bucket, key, Number(call.headers["x-amz-decoded-content-length"] ?? call.body.length));
    }
    if (call.service === sns && call.operation === "Publish") {
      const form = new URLSearchParams(call.body.toString());
      for (const address of mailsOf(stack, form.get("TopicArn") ?? ""))
        activity.notification(`mail to ${address}: ${form.get("Subject") ?? form.get("Message") ?? ""}`);
    }
  };
