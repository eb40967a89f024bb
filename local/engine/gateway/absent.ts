import type { AwsService } from "../service";
import { unknown } from "../wire/access";
import { jsonWire } from "../wire/protocol";

const UNKNOWN = [404, "UnknownOperationException"] as const;

/** Answers for services that are not here, so that the client of any of them can read it. */
export const absent: AwsService = {
  name: "absent",
  read: ({ method, target }) => unknown(`${method} ${target}`),
  wire: jsonWire(403, {
    protocol: (headers) => {
      if (headers["x-amz-target"] !== undefined) return "json-1.1";
      return String(headers["content-type"]).startsWith("application/x-www-form-urlencoded")
        ? "query"
        : "rest-json";
    },
    throttled: UNKNOWN,
    unavailable: UNKNOWN,
    denied: UNKNOWN,
    unknownOperation: UNKNOWN,
  }),
};
