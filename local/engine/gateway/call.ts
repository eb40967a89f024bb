import * as E from "fp-ts/Either";
import type { OutgoingHttpHeaders } from "node:http";
import type { AwsService } from "../service";
import type { Read, ServiceRequest } from "../wire/access";
import type { Caller } from "./callers";

export type Headers = Readonly<Record<string, string>>;

/**
 * One call of one operation of one service, whoever makes it: an SDK over HTTP, or a part of the platform
 * itself (an event source, a state machine). Every call takes the same way: `Gateway.handle`.
 */
export type AwsCall = {
  readonly service: AwsService;
  /** `PutItem`, `ReceiveMessage`, `Invoke`. */
  readonly operation: string;
  readonly caller: Caller;
  readonly method: string;
  /** What it needs to be allowed, by the service's own reading of it. */
  readonly asked: () => Read;
  /** Path and query string, as they came. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Headers;
  readonly body: Buffer;
};

export type AwsAnswer = {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
};

/** The connection is reset: the caller cannot know whether the call took effect. */
export const NO_ANSWER: AwsAnswer = { status: 502, headers: {}, body: Buffer.alloc(0) };

/** What answers the calls of a service. Refuses by throwing an AwsError. */
export type Backend = (call: AwsCall) => Promise<AwsAnswer>;

/**
 * A request as a call. What it is called is what the service reads: a fault plan and a policy cannot mean
 * different operations by it.
 */
export const callOf = (
  service: AwsService,
  caller: Caller,
  request: ServiceRequest & Pick<AwsCall, "headers" | "body">,
): AwsCall => {
  const { method, target: url, headers, body } = request;
  const read = service.read(request);
  const { operation } = E.isRight(read) ? read.right : read.left;
  return { service, operation, asked: () => read, caller, method, url, headers, body };
};
