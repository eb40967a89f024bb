import { LocalBackend, S3Backend, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { permissionsIn } from "../../console/aws/permissions";
import type { Environment } from "../../environments/environment";
import { everyPreviewOf } from "../../environments/preview";
import { Bucket } from "../../modules/bucket";
import { Key } from "../../modules/key";
import { ManagedPolicy } from "../../modules/managed-policy";
import { OidcProvider } from "../../modules/oidc-provider";
import type { Federation } from "../../modules/policy";
import { Role } from "../../modules/role";
import { AwsStack } from "../aws-stack";
import { applyGrants } from "./apply-grants";
import { boundaryGrants } from "./boundary";
import { applyRoleName, boundaryName, type Grants, ownerOf, PATH, planRoleName } from "./names";
import { planGrants } from "./plan-grants";
import { smokeGrants } from "./smoke-grants";

/** A GitHub repository, by its names and by the ids that outlive them. */
type Repository = {
  readonly owner: string;
  readonly owner_id: number;
  readonly name: string;
  readonly id: number;
};

/** One AWS account, and the environments that are to live in it. */
export type Account = {
  readonly accountId: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly stateBucket: string;
  /** Whether this stack's own state is in that bucket already, or still beside the output folder. */
  readonly state: "local" | "bucket";
  /** Whose workflows check deployments. */
  readonly repository: Repository;
  readonly environments: ReadonlyArray<Environment>;
};

/** The subject of a job's token, as GitHub writes it since July 2026. */
const jobIn = ({ owner, owner_id, name, id }: Repository, environment: string): string =>
  `repo:${owner}@${owner_id}/${name}@${id}:environment:${environment}`;

const STATE_DAYS = 365;
const GITHUB = "token.actions.githubusercontent.com";
const HCP = "app.terraform.io";
/** Where HCP Terraform puts a workspace that names no project. */
const DEFAULT_PROJECT = "Default Project";

export const accountStackName = (accountId: string): string => `account-${accountId}`;

/**
 * What an account has before its first environment: a bucket for state, and roles for those who deploy and
 * check, who prove themselves by signed tokens. No key of the account is kept anywhere.
 */
export class AccountStack extends AwsStack {
  private readonly providers = new Map<string, OidcProvider>();

  constructor(
    scope: Construct,
    readonly account: Account,
  ) {
    const { accountId, region, endpoint, tags, stateBucket } = account;
    super(scope, accountStackName(accountId), { accountId, region, endpoint, tags });
    this.keepState();
    const key = new Key(this, "state-key", {
      name: stateBucket,
      accountId,
      services: [],
      preventDestroy: true,
    });
    new Bucket(this, "state", {
      name: stateBucket,
      key,
      // Old versions of the state are the way back after a mishap.
      replacedVersionDays: STATE_DAYS,
      preventDestroy: true,
    });
    for (const environment of account.environments) this.addRoles(environment);
  }

  private addRoles(environment: Environment): void {
    this.addRunRoles(environment);
    this.offerConsolePolicy(environment);
    if (environment.previews === true) {
      this.addRunRoles(everyPreviewOf(environment));
      this.offerConsolePolicy(everyPreviewOf(environment));
    }
    if (environment.api.auth.type === "iam") this.offerSubmitPolicy(environment);
    const github = this.provider(GITHUB, "sts.amazonaws.com");
    this.role(
      `${environment.name}-github-smoke`,
      github.identity(jobIn(this.account.repository, `${environment.name}-smoke`)),
      smokeGrants(environment),
    );
  }

  /** The roles of HCP Terraform's runs, and the boundary of the roles that they make. */
  private addRunRoles(environment: Environment): void {
    const { backend } = environment;
    const owner = ownerOf(environment);
    new ManagedPolicy(this, `${owner}-boundary`, {
      name: boundaryName(owner),
      path: PATH,
      grants: boundaryGrants(environment),
    });
    if (backend.type !== "cloud") return;
    const { organization, project = DEFAULT_PROJECT, workspace, hostname = HCP } = backend;
    const hcp = this.provider(hostname, "aws.workload.identity");
    const run = `organization:${organization}:project:${project}:workspace:${workspace}:run_phase`;
    const read = new ManagedPolicy(this, `${owner}-read`, {
      name: `${owner}-read`,
      path: PATH,
      grants: planGrants(environment),
    });
    this.role(planRoleName(owner), hcp.identity(`${run}:plan`), {}).attach("read", read);
    this.role(applyRoleName(owner), hcp.identity(`${run}:apply`), applyGrants(environment)).attach(
      "read",
      read,
    );
  }

  /** For the roles of those who place orders; here, where no apply role can change what it allows. */
  private offerSubmitPolicy({ name, region, account_id }: Environment): void {
    const api = `arn:aws:execute-api:${region}:${account_id}:*/$default`;
    const policy = new ManagedPolicy(this, `${name}-submit`, {
      name: `${name}-submit`,
      path: PATH,
      grants: [
        {
          actions: ["execute-api:Invoke"],
          resources: [`${api}/POST/orders`, `${api}/GET/orders`, `${api}/GET/orders/*`, `${api}/GET/health`],
        },
      ],
    });
    new TerraformOutput(this, `${name}_submit_policy`, { value: policy.arn, staticId: true });
  }

  /** For the roles of those who look at an environment. */
  private offerConsolePolicy(environment: Environment): void {
    const owner = ownerOf(environment);
    const policy = new ManagedPolicy(this, `${owner}-console`, {
      name: `${owner}-console`,
      path: PATH,
      grants: permissionsIn(environment),
    });
    new TerraformOutput(this, `${owner}_console_policy`, { value: policy.arn, staticId: true });
  }

  private role(name: string, federation: Federation, grants: Grants): Role {
    const role = new Role(this, name, { name, path: PATH, federation });
    for (const [id, granted] of Object.entries(grants)) role.grant(id, ...granted);
    new TerraformOutput(this, `${name}-role`.replaceAll("-", "_"), { value: role.arn, staticId: true });
    return role;
  }

  private provider(issuer: string, audience: string): OidcProvider {
    const provider =
      this.providers.get(issuer) ?? new OidcProvider(this, `oidc-${issuer}`, { issuer, audience });
    this.providers.set(issuer, provider);
    return provider;
  }

  /** The state's bucket is itself in the state: the first apply keeps it on disk, then it is moved. */
  private keepState(): void {
    const { accountId, region, stateBucket, state } = this.account;
    if (state === "local") {
      new LocalBackend(this, { path: `../../../../${accountStackName(accountId)}.tfstate` });
      return;
    }
    // No `encrypt`: it would ask for S3's own key; the bucket encrypts under its own by itself.
    new S3Backend(this, { bucket: stateBucket, key: "account/account.tfstate", region });
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
