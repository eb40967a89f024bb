import type { AwsService } from "../../engine/service";
import type { Context } from "../../engine/iam/request";
import { access, type Access } from "../../engine/wire/access";
import type { Location } from "../../engine/location";

/**
 * What a service asks of a customer's key for its caller, when a queue, topic or bucket is encrypted with one.
 * @param via the service (`sqs`), as in kms:ViaService
 */
export const keyAccess = (
  action: "Decrypt" | "GenerateDataKey",
  keyArn: string,
  via: string,
  { region }: Pick<Location, "region">,
  encryptionContext: Readonly<Record<string, string>> = {},
): Access => {
  const entries = Object.entries(encryptionContext);
  const context: Context = {
    "kms:ViaService": `${via}.${region}.amazonaws.com`,
    "kms:EncryptionContextKeys": entries.map(([name]) => name),
    ...Object.fromEntries(entries.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
  };
  return access(`kms:${action}`, keyArn, context);
};

/** What a service asks of the key that a queue, topic or bucket is encrypted with, in its caller's name. */
export const keyAccesses =
  (keyOf: (resource: string) => string | undefined, location: Pick<Location, "region">) =>
  ({ action, resource }: Access, { name, keyUse }: AwsService): ReadonlyArray<Access> => {
    const key = keyOf(resource);
    return key === undefined
      ? []
      : (keyUse?.[action] ?? []).map((use) => keyAccess(use, key, name, location));
  };
