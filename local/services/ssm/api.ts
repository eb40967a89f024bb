import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { arn, type Location } from "../../engine/location";
import type { AwsService } from "../../engine/service";
import { inJson, on, readOperations, type Resources } from "../../engine/wire/operations";
import { jsonWire } from "../../engine/wire/protocol";

const TARGET = "AmazonSSM";

/** A parameter's ARN has one slash before its name, whether the name begins with one or not. */
const parameterArn = (location: Location, name: string): string => {
  if (name.startsWith("arn:")) return name;
  const [unversioned = ""] = name.split(":");
  return arn("ssm", location, `parameter/${unversioned.replace(/^\//, "")}`);
};

/** @param field that holds a parameter's name or names */
const parameters =
  (field: string): Resources =>
  (fields, location) => {
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    const names = typeof value === "string" ? [value] : value;
    return !t.array(t.string).is(names) || names.length === 0 || names.includes("")
      ? E.left(`no ${field}`)
      : E.right(names.map((name) => parameterArn(location, name)));
  };

export const ssm: AwsService = {
  name: "ssm",
  target: TARGET,
  // Decrypting with the AWS managed key needs no grant.
  read: readOperations("ssm", inJson(TARGET), {
    DescribeParameters: "*",
    DeleteParameter: on(parameters("Name")),
    GetParameter: on(parameters("Name")),
    GetParameters: on(parameters("Names")),
    GetParametersByPath: on(parameters("Path")),
    PutParameter: on(parameters("Name")),
  }),
  wire: jsonWire(400, {
    protocol: "json-1.1",
    throttled: [400, "ThrottlingException"],
    unavailable: [500, "InternalServerError"],
  }),
};
