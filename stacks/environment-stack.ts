import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TerraformElement,
  TerraformStack,
} from "cdktf";
import type { Construct, Node } from "constructs";
import type { Environment } from "../environments/environment";

/** Tried with the real 5.100; typed against 6.x. */
const AWS_PROVIDER_VERSION = ">= 5.100, < 7";
/** The first version with native S3 state locking is 1.10; the suite runs 1.11. */
const TERRAFORM_VERSION = ">= 1.10";

/** The services the stacks use, by the names the provider gives their endpoints. */
const SERVICES = [
  "apigatewayv2",
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

/** What every stack of an environment has: its state, its provider pinned to its account, its names. */
export class EnvironmentStack extends TerraformStack {
  constructor(
    scope: Construct,
    readonly environment: Environment,
  ) {
    super(scope, environment.name);
    this.keepState();
    const { account_id, region, endpoint, tags } = environment;
    new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: [account_id],
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

  /** `<environment>-<name>`: no two environments share a physical name. */
  protected nameOf(name: string): string {
    return `${this.environment.name}-${name}`;
  }

  private keepState(): void {
    const { backend, name } = this.environment;
    switch (backend.type) {
      case "cloud":
        new CloudBackend(this, {
          organization: backend.organization,
          workspaces: new NamedCloudWorkspace(backend.workspace, backend.project),
          ...(backend.hostname === undefined ? {} : { hostname: backend.hostname }),
        });
        return;
      case "s3":
        new S3Backend(this, {
          bucket: backend.bucket,
          key: backend.key,
          region: backend.region,
          encrypt: true,
        });
        // Locks in the bucket itself; cdktf's own type does not know it yet.
        this.addOverride("terraform.backend.s3.use_lockfile", true);
        return;
      case "local":
        // Beside the output folder, which is made anew: state must outlive it.
        new LocalBackend(this, { path: `../../../${name}.tfstate` });
        return;
    }
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
