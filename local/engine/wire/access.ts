/** What a request to a service asks for, in the terms of policies. */
import * as E from "fp-ts/Either";
import { type Headers, headerValue, type Pair } from "../iam/sigv4/canonical";
import type { Context } from "../iam/request";
import type { Location } from "../location";

/** A request to a service, after its signature was verified. */
export type ServiceRequest = Location & {
  readonly method: string;
  /** Path and query as they came (node's `request.url`). */
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
};

/** Each access of a request must be allowed: some operations need several actions, or several resources. */
export type Access = { readonly action: string; readonly resource: string; readonly context: Context };

type Operation = {
  /** As the service names it (`PutItem`); fault plans go by it. */
  readonly operation: string;
  readonly accesses: ReadonlyArray<Access>;
};

/** Never allowed: the operation is not known, or its resource could not be read from the request. */
type RequestFault =
  | { readonly _tag: "UnknownOperation"; readonly operation: string }
  | { readonly _tag: "Unreadable"; readonly operation: string; readonly problem: string };

export type Read = E.Either<RequestFault, Operation>;

export const access = (action: string, resource: string, context: Context = {}): Access => ({
  action,
  resource,
  context,
});

export const operationOf = (operation: string, accesses: ReadonlyArray<Access>): Read =>
  E.right({ operation, accesses });
export const unknown = (operation: string): Read => E.left({ _tag: "UnknownOperation", operation });
export const unreadable = (operation: string, problem: string): Read =>
  E.left({ _tag: "Unreadable", operation, problem });

/**
 * The fields of a query-protocol request (SNS, and SQS of old clients): a form, or the query of a GET. None
 * where a field comes twice: the service might read the one, and we the other.
 */
export const formBody = ({
  body,
  target,
}: Pick<ServiceRequest, "body" | "target">): Readonly<Record<string, string>> => {
  const query = target.split("?")[1] ?? "";
  const form = [...new URLSearchParams(body.length > 0 ? Buffer.from(body).toString("utf8") : query)];
  const fields = new Map<string, string>(form);
  return fields.size === form.length ? Object.fromEntries(fields) : {};
};

export const isForm = ({ method, headers }: Pick<ServiceRequest, "method" | "headers">): boolean =>
  method === "POST" &&
  headerValue(headers, "content-type")?.startsWith("application/x-www-form-urlencoded") === true;

export const field = (body: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
};

export const parameter = (query: ReadonlyArray<Pair>, name: string): string | undefined =>
  query.find(([key]) => key === name)?.[1];

/** A map's own keys. */
export const lookup = <A>(table: Readonly<Record<string, A>>, name: string): A | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
