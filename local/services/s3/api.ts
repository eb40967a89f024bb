import type { AwsService } from "../../engine/service";
import { XML_SIGNATURE } from "../../engine/wire/protocol";
import { readS3 } from "./actions";

/** From 100 MB on AWS advises uploading an object in parts, as its clients do by themselves from 8 MB on. */
const LARGEST_OBJECT_BYTES = 100 * 1024 * 1024;

export const s3: AwsService = {
  name: "s3",
  takesUnsigned: true,
  largestRequestBytes: LARGEST_OBJECT_BYTES,
  read: readS3,
  wire: {
    protocol: "rest-xml",
    throttled: [503, "SlowDown"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "AccessDenied"],
    unknownOperation: [501, "NotImplemented"],
    signature: {
      ...XML_SIGNATURE,
      expired: [403, "RequestTimeTooSkewed"],
      unknownKey: [403, "InvalidAccessKeyId"],
      missing: [403, "AccessDenied", "Access Denied"],
      wrongBody: [400, "XAmzContentSHA256Mismatch"],
    },
  },
  keyUse: { "s3:PutObject": ["GenerateDataKey"], "s3:GetObject": ["Decrypt"] },
};
