/** How a service speaks, and the codes with which it refuses. */

export type Protocol = "json-1.0" | "json-1.1" | "query" | "rest-xml" | "rest-json" | "http";

export type Code = readonly [status: number, code: string];

/** How a service refuses a signature. */
export type SignatureCodes = {
  readonly mismatch: Code;
  readonly expired?: Code;
  readonly unknownKey: Code;
  readonly missing: readonly [status: number, code: string, message: string];
  readonly wrongBody?: Code;
};

const UNSIGNED = "Request is missing Authentication Token";

/** As the services that speak JSON do it, with their status. */
export const jsonSignature = (status: 400 | 403): SignatureCodes => ({
  mismatch: [status, "InvalidSignatureException"],
  unknownKey: [status, "UnrecognizedClientException"],
  missing: [status, "MissingAuthenticationTokenException", UNSIGNED],
});

/** As the services that speak XML do it. */
export const XML_SIGNATURE: SignatureCodes = {
  mismatch: [403, "SignatureDoesNotMatch"],
  unknownKey: [403, "InvalidClientTokenId"],
  missing: [403, "MissingAuthenticationToken", UNSIGNED],
};
