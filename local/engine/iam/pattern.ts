/**
 * Whether a text matches a pattern: `*` is any run of characters (none, `:` and `/` too), `?` is exactly
 * one. Never worse than pattern × text steps: a policy is input, and a regular expression made of it could hang.
 */
export const matches = (pattern: string, text: string): boolean => {
  let p = 0;
  let at = 0;
  // Where to go on when a later character does not fit: only the last star ever has to take more.
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      taken = at;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[at])) {
      p++;
      at++;
    } else if (star !== -1) {
      p = star + 1;
      at = ++taken;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
};

/** Actions are compared without regard to case, resources are not. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matches(pattern.toLowerCase(), action.toLowerCase());

const ARN_PARTS = 6;

/** The six parts of an ARN, the last with all its colons; undefined for what is no ARN. */
export const arnParts = (arn: string): ReadonlyArray<string> | undefined => {
  const parts = arn.split(":");
  if (parts.length < ARN_PARTS || parts[0] !== "arn") return undefined;
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(":")];
};

/** As the Arn condition operators compare: each part for itself, so that a `*` stays within its part. */
export const matchesArn = (pattern: string, arn: string): boolean => {
  const wanted = arnParts(pattern);
  const given = arnParts(arn);
  if (wanted === undefined || given === undefined) return false;
  return wanted.every((part, index) => matches(part, given[index] ?? ""));
};
