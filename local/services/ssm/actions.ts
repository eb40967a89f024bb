import * as t from "io-ts";
import {
  access,
  jsonBody,
  lookup,
  operationOf,
  type Read,
  type ServiceRequest,
  targetOperation,
  unknown,
  unreadable,
} from "../../engine/wire/access";
import { type Location, arn } from "../../engine/location";

export const TARGET = "AmazonSSM";

/** A parameter's ARN has one slash before its name, whether the name begins with one or not. */
const parameterArn = (location: Location, name: string): string => {
  if (name.startsWith("arn:")) return name;
  const [unversioned = ""] = name.split(":");
  return arn("ssm", location, `parameter/${unversioned.replace(/^\//, "")}`);
};

/** The field that holds a parameter's name or names. Decrypting with the AWS managed key needs no grant. */
const ON_PARAMETER: Readonly<Record<string, string>> = {
  DeleteParameter: "Name",
  GetParameter: "Name",
  GetParameters: "Names",
  GetParametersByPath: "Path",
  PutParameter: "Name",
};

export const readSsm = (request: ServiceRequest): Read => {
  const operation = targetOperation(request, TARGET);
  if (operation === "DescribeParameters")
    return operationOf(operation, [access("ssm:DescribeParameters", "*")]);
  const named = lookup(ON_PARAMETER, operation);
  if (named === undefined) return unknown(operation);
  const value = jsonBody(request.body)?.[named];
  const names = typeof value === "string" ? [value] : value;
  if (!t.array(t.string).is(names) || names.length === 0 || names.includes(""))
    return unreadable(operation, `no ${named}`);
  return operationOf(
    operation,
    names.map((name) => access(`ssm:${operation}`, parameterArn(request, name))),
  );
};
