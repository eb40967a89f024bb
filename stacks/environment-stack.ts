import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend } from "cdktf";
import type { Construct } from "constructs";
import { backendOf } from "../environments/backend";
import type { Environment } from "../environments/environment";
import { AwsStack } from "./aws-stack";

/** What every stack of an environment has: its state, its names, and the bounds of what its roles may do. */
export class EnvironmentStack extends AwsStack {
  constructor(
    scope: Construct,
    readonly environment: Environment,
  ) {
    const { name, account_id: accountId, region, endpoint, tags } = environment;
    super(scope, name, { accountId, region, endpoint, tags });
    this.keepState();
    this.boundRoles();
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
        new S3Backend(this, { bucket: backend.bucket, key: backend.key });
        // Locks in the bucket itself, and what an emulator needs: cdktf's own types know neither.
        this.addOverride("terraform", backendOf(this.environment));
        return;
      case "local":
        // Beside the output folder, which is recreated: the state must outlive it.
        new LocalBackend(this, { path: `../../../${name}.tfstate` });
        return;
    }
  }

  /** Whoever applies this stack may make roles within the boundary only; see `stacks/account`. */
  private boundRoles(): void {
    const { account_id: accountId, permissions_boundary: name } = this.environment;
    if (name === undefined) return;
    const permissionsBoundary = `arn:aws:iam::${accountId}:policy${name}`;
    Aspects.of(this).add({
      visit: (node) => {
        if (node instanceof IamRole) node.permissionsBoundary = permissionsBoundary;
      },
    });
  }
}
