import { parseTarget } from "../../engine/iam/sigv4/canonical";
import { access, operationOf, type Read, type ServiceRequest, unknown } from "../../engine/wire/access";
import { type Location, arn } from "../../engine/location";

/** The ARN of a function by what callers write for it: its name, a partial or a whole ARN. */
const functionArn = (location: Location, written: string): string => {
  if (written.startsWith("arn:")) return written;
  const [, account, name] = /^(\d{12}):function:(.+)$/.exec(written) ?? [];
  return arn(
    "lambda",
    account === undefined ? location : { ...location, account },
    `function:${name ?? written}`,
  );
};

export const readLambda = (request: ServiceRequest): Read => {
  const target = parseTarget(request.target);
  const [, written] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(target?.path ?? "") ?? [];
  if (target === undefined || written === undefined || request.method !== "POST")
    return unknown(`${request.method} ${target?.path ?? ""}`);
  const qualifier = target.query.find(([name]) => name === "Qualifier")?.[1];
  const resource = functionArn(request, decodeURIComponent(written));
  return operationOf("Invoke", [
    access("lambda:InvokeFunction", qualifier === undefined ? resource : `${resource}:${qualifier}`),
  ]);
};
