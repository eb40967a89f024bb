import { parseTarget } from "../../engine/iam/sigv4/canonical";
import { arn } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import {
  access,
  operationOf,
  type Read,
  type ServiceRequest,
  unknown,
  unreadable,
} from "../../engine/wire/access";
import { jsonWire } from "../../engine/wire/protocol";

export const executeApi: AwsService = {
  name: "execute-api",
  /** Each API has a listener of its own, which says what its requests ask for. */
  read: () => unknown("of an HTTP API at the AWS endpoint"),
  wire: jsonWire(403, {
    protocol: "http",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [503, "ServiceUnavailable"],
    denied: [403, "ForbiddenException"],
  }),
};

/** A call of an HTTP API. @param stage `$default` for the stage without a path of its own */
export const readApi = (
  { method, target, ...location }: Pick<ServiceRequest, "method" | "target" | "region" | "account">,
  api: string,
  stage: string,
): Read => {
  const path = parseTarget(target)?.path;
  if (path === undefined) return unreadable("Invoke", "broken percent-encoding in the target");
  const resource = arn("execute-api", location, `${api}/${stage}/${method}${path}`);
  return operationOf("Invoke", [access("execute-api:Invoke", resource)]);
};
