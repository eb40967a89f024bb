import { AwsError } from "../gateway/errors";
import type { AwsService } from "../service";
import { access, operationOf, type Read, type ServiceRequest, unknown } from "./access";

/** An operation of a REST API that reads: its name, and the path it is at. */
export type RestOperation = { readonly name: string; readonly path: RegExp };

export const restOperation = (
  operations: ReadonlyArray<RestOperation>,
  method: string,
  target: string,
): { readonly name: string; readonly names: ReadonlyArray<string> } | undefined => {
  if (method !== "GET") return undefined;
  const [path = ""] = target.split("?", 1);
  for (const { name, path: pattern } of operations) {
    const [matched, ...names] = pattern.exec(path) ?? [];
    if (matched !== undefined) return { name, names: names.map(decodeURIComponent) };
  }
  return undefined;
};

/** What a request asks for, where all that a service does here is to be looked at. */
export const readRest =
  (operations: ReadonlyArray<RestOperation>, action: (name: string) => string) =>
  ({ method, target }: ServiceRequest): Read => {
    const found = restOperation(operations, method, target);
    return found === undefined
      ? unknown(`${method} ${target.split("?", 1)[0] ?? ""}`)
      : operationOf(found.name, [access(action(found.name), "*")]);
  };

export const notServed = ({ name, wire }: AwsService, method: string, target: string): AwsError => {
  const [status, code] = wire.unknownOperation;
  return new AwsError(code, `The local platform does not serve ${name} ${method} ${target}`, status);
};
