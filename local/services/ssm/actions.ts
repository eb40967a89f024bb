/** The services of few operations: parameters, state machines, functions, APIs, keys. */
import * as t from "io-ts";
import { parseTarget } from "../../engine/iam/sigv4/canonical";
import type { Context } from "../../engine/iam/request";
import {
  access,
  type Access,
  arn,
  field,
  jsonBody,
  lookup,
  operationOf,
  type Place,
  type Read,
  type ServiceRequest,
  unknown,
  unreadable,
} from "../../engine/wire/access";

/** A parameter's ARN has one slash before its name, whether the name begins with one or not. */
const parameterArn = (place: Place, name: string): string => {
  if (name.startsWith("arn:")) return name;
  const [unversioned = ""] = name.split(":");
  return arn("ssm", place, `parameter/${unversioned.replace(/^\//, "")}`);
};

/** The field that holds a parameter's name or names. Decrypting with the AWS managed key needs no grant. */
const ON_PARAMETER: Readonly<Record<string, string>> = {
  DeleteParameter: "Name",
  GetParameter: "Name",
  GetParameters: "Names",
  GetParametersByPath: "Path",
  PutParameter: "Name",
};

export const readSsm = (request: ServiceRequest, operation: string): Read => {
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

/** The field that holds the state machine's or the execution's ARN. */
const ON_MACHINE: Readonly<Record<string, string>> = {
  DescribeExecution: "executionArn",
  DescribeStateMachine: "stateMachineArn",
  DescribeStateMachineForExecution: "executionArn",
  GetExecutionHistory: "executionArn",
  ListExecutions: "stateMachineArn",
  StartExecution: "stateMachineArn",
  StartSyncExecution: "stateMachineArn",
  StopExecution: "executionArn",
};

export const readStates = (request: ServiceRequest, operation: string): Read => {
  if (operation === "ListStateMachines")
    return operationOf(operation, [access("states:ListStateMachines", "*")]);
  const named = lookup(ON_MACHINE, operation);
  if (named === undefined) return unknown(operation);
  const resource = field(jsonBody(request.body) ?? {}, named);
  if (resource === undefined) return unreadable(operation, `no ${named}`);
  return operationOf(operation, [access(`states:${operation}`, resource)]);
};

/** The ARN of a function by what callers write for it: its name, a partial or a whole ARN. */
const functionArn = (place: Place, written: string): string => {
  if (written.startsWith("arn:")) return written;
  const [, account, name] = /^(\d{12}):function:(.+)$/.exec(written) ?? [];
  return arn("lambda", account === undefined ? place : { ...place, account }, `function:${name ?? written}`);
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

/** A call of an HTTP API. @param stage `$default` for the stage without a path of its own */
export const readApi = (
  { method, target, ...place }: Pick<ServiceRequest, "method" | "target" | "region" | "account">,
  api: string,
  stage: string,
): Read => {
  const path = parseTarget(target)?.path;
  if (path === undefined) return unreadable("Invoke", "broken percent-encoding in the target");
  const resource = arn("execute-api", place, `${api}/${stage}/${method}${path}`);
  return operationOf("Invoke", [access("execute-api:Invoke", resource)]);
};

/**
 * What a service asks of a customer's key for its caller, when a queue, topic or bucket is encrypted with one.
 * @param via the service (`sqs`), as in kms:ViaService
 */
export const keyAccess = (
  action: "Decrypt" | "GenerateDataKey",
  keyArn: string,
  via: string,
  { region }: Pick<Place, "region">,
  encryptionContext: Readonly<Record<string, string>> = {},
): Access => {
  const entries = Object.entries(encryptionContext);
  const context: Context = {
    "kms:ViaService": `${via}.${region}.amazonaws.com`,
    "kms:EncryptionContextKeys": entries.map(([name]) => name),
    ...Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
  };
  return access(`kms:${action}`, keyArn, context);
};
