/**
 * Why a dependency did not do what was asked, classed by what the caller may do about it.
 *
 * - `Transient`: it did not happen; asking again may help.
 * - `Ambiguous`: it may or may not have happened (no answer after sending); ask again with the same key.
 * - `Permanent`: it did not happen, and asking again will not help until somebody mends something.
 */
export type PortError = Transient | Ambiguous | Permanent;

type Circumstances = { readonly operation: string; readonly cause: string };

export type Transient = Circumstances & { readonly _tag: "Transient"; readonly retryAfterMs?: number };
export type Ambiguous = Circumstances & { readonly _tag: "Ambiguous"; readonly retryAfterMs?: number };
export type Permanent = Circumstances & { readonly _tag: "Permanent" };

const after = (retryAfterMs?: number) => (retryAfterMs === undefined ? {} : { retryAfterMs });

export const transient = (operation: string, cause: string, retryAfterMs?: number): Transient => ({
  _tag: "Transient",
  operation,
  cause,
  ...after(retryAfterMs),
});
export const ambiguous = (operation: string, cause: string, retryAfterMs?: number): Ambiguous => ({
  _tag: "Ambiguous",
  operation,
  cause,
  ...after(retryAfterMs),
});
export const permanent = (operation: string, cause: string): Permanent => ({
  _tag: "Permanent",
  operation,
  cause,
});

export const describe = (error: PortError): string => `${error.operation}: ${error.cause}`;

/**
 * Milliseconds to wait at least before asking again, for what is safe to ask twice; undefined where asking
 * again will not help.
 */
export const pauseBeforeRepeat = (error: PortError): number | undefined => {
  switch (error._tag) {
    case "Transient":
    case "Ambiguous":
      return error.retryAfterMs ?? 0;
    case "Permanent":
      return undefined;
  }
};
