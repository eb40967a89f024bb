import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";

/** Tested with the real 5.100; typed against 6.x. */
const AWS_PROVIDER_VERSION = ">= 5.100, < 7";
/** The first version with native S3 state locking is 1.10; the suite runs 1.11. */
const TERRAFORM_VERSION = ">= 1.10";

/** The services the stacks use, by the names the provider gives their endpoints. */
const SERVICES = [
  "apigatewayv2",
  "budgets",
  "cloudwatch",
  "dynamodb",
  "iam",
  "kms",
  "lambda",
  "logs",
  "s3",
  "scheduler",
  "sfn",
  "sns",
  "sqs",
  "sts",
] as const;

export type AwsPlace = {
  readonly accountId: string;
  readonly region: string;
  /** An AWS-compatible API in place of AWS's own. */
  readonly endpoint: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
};

/** What every stack has: its provider pinned to its account, everything tagged, addresses a person can read. */
export class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, { accountId, region, endpoint, tags }: AwsPlace) {
    super(scope, id);
    new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: [accountId],
      defaultTags: [{ tags: { ...tags } }],
      ...(endpoint === undefined
        ? {}
        : {
            endpoints: [Object.fromEntries(SERVICES.map((service) => [service, endpoint]))],
            s3UsePathStyle: true,
            skipCredentialsValidation: true,
            skipMetadataApiCheck: "true",
            skipRegionValidation: true,
          }),
    });
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSION);
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
  }

  /** Stacks do not refer to one another, for which cdktf would resolve every resource once more. */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  /**
   * Addresses a person can read and type, such as `aws_sqs_queue.orders_queue_dlq`: the path of constructs,
   * without `this` and `main`, which every module calls its main resource. An address is a resource's
   * identity in the state: renaming a construct replaces what it made.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const parts = node.path.split("/").slice(1);
    const named = parts.filter((part) => part !== "this" && part !== "main");
    return (named.length === 0 ? parts : named).join("_").replaceAll(/[^A-Za-z0-9]+/g, "_");
  }
}
