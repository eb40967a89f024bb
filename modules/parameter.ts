import type { Grantee } from "./role";

/** A secret in SSM's Parameter Store. It is created by hand: no stack and no state ever holds its value. */
export class Parameter {
  /** @param id what the grant to read it is called */
  constructor(
    private readonly id: string,
    readonly name: string,
    private readonly account: { readonly accountId: string; readonly region: string },
  ) {}

  /** Reading a SecureString under the account's own SSM key needs no permission on the key. */
  grantRead({ role }: Grantee): void {
    const { accountId, region } = this.account;
    role.grant(this.id, {
      actions: ["ssm:GetParameter"],
      resources: [`arn:aws:ssm:${region}:${accountId}:parameter${this.name}`],
    });
  }
}
