/** Reads the requests of a service whose operations differ by a name: by a table of what each needs to be allowed. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as RA from "fp-ts/ReadonlyArray";
import * as t from "io-ts";
import { headerValue } from "../iam/sigv4/canonical";
import type { Location } from "../location";
import {
  access,
  type Access,
  field,
  formBody,
  lookup,
  operationOf,
  type Read,
  type ServiceRequest,
  unknown,
  unreadable,
} from "./access";

export type Fields = Readonly<Record<string, unknown>>;

/** The operation that a request names, and its fields, where they can be read. */
type Named = readonly [operation: string, fields: Fields | undefined];

/** What an operation is called that its request does not name. */
const NAMELESS = "without a name";

const jsonBody = (body: Uint8Array): Fields | undefined => {
  const parsed = E.tryCatch(
    (): unknown => JSON.parse(Buffer.from(body).toString("utf8")),
    () => undefined,
  );
  return E.isRight(parsed) && t.UnknownRecord.is(parsed.right) ? parsed.right : undefined;
};

/** Of a JSON-protocol request; only the service's own target names an operation. */
export const inJson =
  (service: string) =>
  ({ headers, body }: ServiceRequest): Named => {
    const [prefix, operation] = (headerValue(headers, "x-amz-target") ?? "").split(".");
    return [prefix === service && operation !== undefined ? operation : NAMELESS, jsonBody(body)];
  };

export const inForm = (request: Pick<ServiceRequest, "body" | "target">): readonly [string, Fields] => {
  const form = formBody(request);
  return [field(form, "Action") ?? NAMELESS, form];
};

/** In whichever protocol: old clients of some services that speak JSON send forms. */
export const inJsonOrForm =
  (service: string) =>
  (request: ServiceRequest): Named => {
    if (headerValue(request.headers, "x-amz-target") === undefined) return inForm(request);
    const [operation, fields = {}] = inJson(service)(request);
    return [operation, fields];
  };

/** An operation that is asked for, as an action: `sqs:SendMessage`. */
type Asked = { readonly action: string; readonly fields: Fields; readonly location: Location };

/** What is to be allowed, or what is wrong with the fields. */
export type Needs = (asked: Asked) => E.Either<string, ReadonlyArray<Access>>;

/** The resources that fields name, or what is wrong with them. */
export type Resources = (fields: Fields, location: Location) => E.Either<string, ReadonlyArray<string>>;

/** The resource that a field names. */
export const named =
  (name: string, arnOf: (value: string, location: Location) => string): Resources =>
  (fields, location) => {
    const value = field(fields, name);
    return value === undefined ? E.left(`no ${name}`) : E.right([arnOf(value, location)]);
  };

/**
 * @param resources or the field that holds the ARN of the only one
 * @param other the action that is needed, where it is not named after the operation
 */
export const on =
  (resources: Resources | string, other?: string): Needs =>
  ({ action, fields, location }) => {
    const read = typeof resources === "string" ? named(resources, (arn) => arn) : resources;
    return pipe(read(fields, location), E.map(RA.map((resource) => access(other ?? action, resource))));
  };

/**
 * @param prefix of the service's actions
 * @param operations what each needs; `*`: its action on any resource, whatever its fields are. Others are unknown
 */
export const readOperations =
  (
    prefix: string,
    nameOf: (request: ServiceRequest) => Named,
    operations: Readonly<Record<string, Needs | "*">>,
  ) =>
  (request: ServiceRequest): Read => {
    const [operation, fields] = nameOf(request);
    const needs = lookup(operations, operation);
    const action = `${prefix}:${operation}`;
    if (needs === undefined) return unknown(operation);
    if (needs === "*") return operationOf(operation, [access(action, "*")]);
    if (fields === undefined) return unreadable(operation, "the body is no JSON object");
    const needed = needs({ action, fields, location: request });
    return E.isLeft(needed) ? unreadable(operation, needed.left) : operationOf(operation, needed.right);
  };
