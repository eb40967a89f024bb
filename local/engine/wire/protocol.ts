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

export type Wire = {
  readonly protocol: Protocol | ((headers: Readonly<Record<string, unknown>>) => Protocol);
  /** Before the `#` of an error's type, in JSON. */
  readonly namespace?: string;
  /** The code of an older protocol that its errors in JSON also name, from which its SDK takes it. */
  readonly queryCode?: (code: string) => string;
  readonly throttled: Code;
  readonly unavailable: Code;
  readonly denied: Code;
  readonly unknownOperation: Code;
  readonly signature: SignatureCodes;
};

const UNSIGNED = "Request is missing Authentication Token";

/**
 * Of a service that speaks JSON.
 * @param refused the status with which it refuses a signature, and what a caller may not do
 */
export const jsonWire = (
  refused: 400 | 403,
  own: Pick<Wire, "protocol" | "throttled" | "unavailable"> & Partial<Wire>,
): Wire => ({
  denied: [refused, "AccessDeniedException"],
  unknownOperation: [400, "UnknownOperationException"],
  signature: {
    mismatch: [refused, "InvalidSignatureException"],
    unknownKey: [refused, "UnrecognizedClientException"],
    missing: [refused, "MissingAuthenticationTokenException", UNSIGNED],
  },
  ...own,
});

/** As the services that speak XML do it. */
export const XML_SIGNATURE: SignatureCodes = {
  mismatch: [403, "SignatureDoesNotMatch"],
  unknownKey: [403, "InvalidClientTokenId"],
  missing: [403, "MissingAuthenticationToken", UNSIGNED],
};
