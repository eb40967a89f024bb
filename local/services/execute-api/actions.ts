import { parseTarget } from "../../engine/iam/sigv4/canonical";
import { access, operationOf, type Read, type ServiceRequest, unreadable } from "../../engine/wire/access";
import { arn } from "../../engine/location";

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
