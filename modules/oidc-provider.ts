import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Construct } from "constructs";
import type { Federation } from "./policy";

export type OidcProviderProps = {
  /** The host that signs tokens, e.g. `app.terraform.io`. An account has one provider for each. */
  readonly issuer: string;
  /** Whom the tokens are for. */
  readonly audience: string;
};

/** Lets roles of the account trust tokens that somebody else signs: no key of the account is kept there. */
export class OidcProvider extends Construct {
  private readonly arn: string;
  private readonly issuer: string;
  private readonly audience: string;

  constructor(scope: Construct, id: string, { issuer, audience }: OidcProviderProps) {
    super(scope, id);
    const provider = new IamOpenidConnectProvider(this, "this", {
      url: `https://${issuer}`,
      clientIdList: [audience],
    });
    this.arn = provider.arn;
    this.issuer = issuer;
    this.audience = audience;
  }

  /** What a role states that trusts exactly one of those the tokens are about. */
  identity(subject: string): Federation {
    return { providerArn: this.arn, issuer: this.issuer, audience: this.audience, subject };
  }
}
