import { parseTarget } from "../../engine/iam/sigv4/canonical";
import { arn, type Location } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { access, operationOf, type Read, type ServiceRequest, unknown } from "../../engine/wire/access";
import { jsonWire } from "../../engine/wire/protocol";

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

const PATH = /^\/2015-03-31\/functions(?:\/?|\/([^/]+)(?:\/(invocations|configuration))?)$/;

/** By method, and by what of a function the path names. */
const OPERATIONS: Readonly<Record<string, string>> = {
  "POST invocations": "Invoke",
  "GET configuration": "GetFunctionConfiguration",
  "GET function": "GetFunction",
  "GET functions": "ListFunctions",
};

/** Which operation a request is, and of which function. */
export const operationIn = (
  method: string,
  path: string,
): { readonly operation: string | undefined; readonly name: string } => {
  const [matched, name, part] = PATH.exec(path) ?? [];
  const what = part ?? (name === undefined ? "functions" : "function");
  return {
    operation: matched === undefined ? undefined : OPERATIONS[`${method} ${what}`],
    name: decodeURIComponent(name ?? ""),
  };
};

const readLambda = (request: ServiceRequest): Read => {
  const target = parseTarget(request.target);
  const { operation, name } = operationIn(request.method, target?.path ?? "");
  if (target === undefined || operation === undefined)
    return unknown(`${request.method} ${target?.path ?? ""}`);
  if (operation === "ListFunctions") return operationOf(operation, [access("lambda:ListFunctions", "*")]);
  const qualifier = target.query.find(([key]) => key === "Qualifier")?.[1];
  const resource = functionArn(request, name);
  return operationOf(operation, [
    access(
      operation === "Invoke" ? "lambda:InvokeFunction" : `lambda:${operation}`,
      qualifier === undefined ? resource : `${resource}:${qualifier}`,
    ),
  ]);
};

export const lambda: AwsService = {
  name: "lambda",
  claims: ({ target }) => target.startsWith("/2015-03-31/functions"),
  read: readLambda,
  wire: jsonWire(403, {
    protocol: "rest-json",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [500, "ServiceException"],
  }),
};
