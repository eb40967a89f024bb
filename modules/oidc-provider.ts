import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Construct } from "constructs";
import type { Federation } from "./policy";

export type OidcProviderProps = {
  /** The host that signs tokens, e.g. `app.terraform.io`. An account has one provider for each. */
  readonly issuer: string;
  /** The audience of the tokens. */
  readonly audience: string;
};

/** Lets roles of the account trust an outside identity provider's tokens, so that no AWS key is kept there. */
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

  /** The trust policy of a role that exactly one subject of these tokens may assume. */
  identity(subject: string): Federation {
    return { providerArn: this.arn, issuer: this.issuer, audience: this.audience, subject };
  }
}
