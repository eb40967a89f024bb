import type { Read, ServiceRequest } from "./wire/access";
import type { Wire } from "./wire/protocol";

/** What the engine knows of an AWS service: all of it from the service's own folder. */
export type AwsService = {
  /** As requests are signed for it and its ARNs name it, `dynamodb`; but see `signedAs`. */
  readonly name: string;
  /** What requests are signed for, where that is another service's name. */
  readonly signedAs?: string;
  /** In front of the operation in `x-amz-target`, where it speaks JSON: `DynamoDB_20120810`. */
  readonly target?: string;
  /** Whether a request is for it, whatever it is signed for; for services that no target names. */
  readonly claims?: (request: Pick<ServiceRequest, "method" | "target" | "headers" | "body">) => boolean;
  /** Whether a request that says nothing of where it goes is its; of one service. */
  readonly takesUnsigned?: true;
  /** The largest request it takes, where that is more than other services do. */
  readonly largestRequestBytes?: number;
  /** What a request asks for, in the terms of policies. */
  readonly read: (request: ServiceRequest) => Read;
  readonly wire: Wire;
  /** What it does, in its caller's name, with the customer-managed key that a resource is encrypted with, by action. */
  readonly keyUse?: Readonly<Record<string, ReadonlyArray<"Decrypt" | "GenerateDataKey">>>;
};
