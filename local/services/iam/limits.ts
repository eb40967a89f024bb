/** IAM's quotas: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
import { textOf } from "../../engine/stack/block";

export const ROLE_NAME = textOf(1, 64);
export const POLICY_NAME = textOf(1, 128);

const TRUST_CHARACTERS = 2_048;
/** Of all inline policies of a role together. */
const INLINE_CHARACTERS = 10_240;
const MANAGED_CHARACTERS = 6_144;

/** IAM counts no white space. */
const charactersOf = (documents: ReadonlyArray<string>): number =>
  documents.reduce((sum, document) => sum + document.replaceAll(/\s/g, "").length, 0);

const fault =
  (what: string, most: number, said: string) =>
  (address: string, ...documents: ReadonlyArray<string>): ReadonlyArray<string> => {
    const characters = charactersOf(documents);
    return characters <= most
      ? []
      : [`${address}: ${what} of ${characters} characters, where AWS takes ${most} (LimitExceeded: ${said})`];
  };

export const trustFault = fault(
  "has a trust policy",
  TRUST_CHARACTERS,
  `Cannot exceed quota for ACLSizePerRole: ${TRUST_CHARACTERS}`,
);

export const inlineFault = fault(
  "has inline policies",
  INLINE_CHARACTERS,
  `Maximum policy size of ${INLINE_CHARACTERS} bytes exceeded`,
);

export const managedFault = fault(
  "has a policy",
  MANAGED_CHARACTERS,
  `Cannot exceed quota for PolicySize: ${MANAGED_CHARACTERS}`,
);
