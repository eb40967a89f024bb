import type { Tags } from "./wire.mts";

/** The account that the emulator believes it is. */
export const ACCOUNT = "123456789012";

/** What policies look at of what exists, remembered from the requests that made it. */
export class AccountMemory {
  private readonly tags = new Map<string, Tags>();
  private readonly roles = new Map<
    string,
    { readonly arn: string; readonly boundary?: string | undefined }
  >();
  private readonly keyPolicies = new Map<string, string>();
  private readonly aliases = new Map<string, string>();
  private readonly mappings = new Map<string, string>();

  tagsOf(arn: string): Tags {
    return this.tags.get(arn) ?? {};
  }

  setTags(arn: string, tags: Tags): void {
    this.tags.set(arn, tags);
  }

  /** A role by its name, which is unique in the account; its ARN has its path too. */
  role(name: string): { readonly arn: string; readonly boundary?: string | undefined } | undefined {
    return this.roles.get(name);
  }

  setRole(name: string, arn: string, boundary: string | undefined): void {
    this.roles.set(name, { arn, boundary });
  }

  /** A key's own policy decides about it. */
  keyPolicyOf(arn: string): string | undefined {
    return this.keyPolicies.get(arn);
  }

  setKeyPolicy(arn: string, policy: string): void {
    this.keyPolicies.set(arn, policy);
  }

  keyOfAlias(alias: string): string | undefined {
    return this.aliases.get(alias);
  }

  setAlias(alias: string, keyArn: string): void {
    this.aliases.set(alias, keyArn);
  }

  /** The function that an event source mapping is for, by the mapping's ARN. */
  functionOf(mapping: string): string | undefined {
    return this.mappings.get(mapping);
  }

  setMapping(mapping: string, functionArn: string): void {
    this.mappings.set(mapping, functionArn);
  }
}
