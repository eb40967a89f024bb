import type { PolicyKind } from "../../engine/iam/document";
import type { JsonObject } from "../../json";

/** A policy as a stack declares it. */
export type DeclaredPolicy = {
  readonly kind: PolicyKind;
  /** The ARN of the role or resource it is a policy of. */
  readonly of: string;
  readonly name: string;
  readonly document: string | JsonObject;
};

/** The policy of a resource, under the address that declares it. */
export const resourcePolicy = (of: string, name: string, document: string | JsonObject): DeclaredPolicy => ({
  kind: "resource",
  of,
  name,
  document,
});

/** The key that a resource is said to be encrypted with, if any, as it is written at an address. */
export type Encryption = {
  readonly address: string;
  /** The ARN of what is encrypted. */
  readonly of: string;
  readonly key: string | undefined;
};
