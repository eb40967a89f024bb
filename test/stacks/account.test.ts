import { permissionsIn } from "../../console/aws/permissions";
import type { Environment } from "../../environments/environment";
import { everyPreviewOf } from "../../environments/preview";
import { identityPolicy } from "../../modules/policy";
import { AccountStack } from "../../stacks/account/account-stack";
import {
  declaredEnvironments,
  declaredStack,
  deployedNames,
  parsed,
  shippedEnvironments,
} from "../support/synth";
import { accountOf, accountsOf, permissionsOf, trustOf } from "./account/accounts";
import { allows, type Asked, type Context, statementsIn, type Token, trusts } from "./account/evaluate";
import { madeBy, resolved } from "./account/physical";

const HCP = "${aws_iam_openid_connect_provider.oidc_app_terraform_io.arn}";
const GITHUB = "${aws_iam_openid_connect_provider.oidc_token_actions_githubusercontent_com.arn}";

const run = (
  phase: string,
  workspace = "orders-dev",
  project = "orders",
  organization = "energy-orders",
) => ({
  "app.terraform.io:aud": "aws.workload.identity",
  "app.terraform.io:sub": `organization:${organization}:project:${project}:workspace:${workspace}:run_phase:${phase}`,
});
const hcp = (claims: Context): Token => ({ provider: HCP, claims });

const job = (sub: string, aud = "sts.amazonaws.com") => ({
  "token.actions.githubusercontent.com:aud": aud,
  "token.actions.githubusercontent.com:sub": sub,
});
const github = (claims: Context): Token => ({ provider: GITHUB, claims });

describe("the roles of dev trust", () => {
  const { declared } = accountOf("dev");
  const plan = trustOf(declared, "dev_hcp_plan");
  const apply = trustOf(declared, "dev_hcp_apply");
  const smoke = trustOf(declared, "dev_github_smoke");

  it("a plan and an apply of its own workspace, each for its own role, and its checks", () => {
    expect(trusts(plan, hcp(run("plan")))).toBe(true);
    expect(trusts(apply, hcp(run("apply")))).toBe(true);
    expect(
      trusts(
        smoke,
        github(job("repo:energy-orders@40000001/orders-platform@700000001:environment:dev-smoke")),
      ),
    ).toBe(true);
  });

  it("nothing by likeness: every claim is compared whole", () => {
    for (const { Condition } of [...plan, ...apply, ...smoke])
      expect(Object.keys(Condition ?? {})).toEqual(["StringEquals"]);
  });

  it.each<[string, Token]>([
    ["the other phase", hcp(run("apply"))],
    ["a phase that only begins alike", hcp(run("planned"))],
    ["another workspace", hcp(run("plan", "orders-prod"))],
    ["another project", hcp(run("plan", "orders-dev", "sandbox"))],
    ["another organization", hcp(run("plan", "orders-dev", "orders", "somebody-else"))],
    ["another audience", hcp({ ...run("plan"), "app.terraform.io:aud": "somebody-else" })],
    ["a token that names nobody", hcp({ "app.terraform.io:aud": "aws.workload.identity" })],
    ["a token of GitHub's with the same claims", { provider: GITHUB, claims: run("plan") }],
  ])("no plan by %s", (_, token) => {
    expect(trusts(plan, token)).toBe(false);
  });

  it("no apply by a run that only plans", () => {
    expect(trusts(apply, hcp(run("plan")))).toBe(false);
  });

  it.each([
    // That is where a plan is applied; it is approved for that alone.
    ["the environment's deployment", "repo:energy-orders@40000001/orders-platform@700000001:environment:dev"],
    [
      "another environment's job",
      "repo:energy-orders@40000001/orders-platform@700000001:environment:prod-smoke",
    ],
    ["a fork's job", "repo:somebody@40000002/orders-platform@700000002:environment:dev-smoke"],
    [
      "a pull request, of a fork or not",
      "repo:energy-orders@40000001/orders-platform@700000001:pull_request",
    ],
    [
      "a job without an environment",
      "repo:energy-orders@40000001/orders-platform@700000001:ref:refs/heads/main",
    ],
    [
      "a repository whose name begins alike",
      "repo:energy-orders@40000001/orders-platform-2@700000001:environment:dev-smoke",
    ],
    ["names without their ids", "repo:energy-orders/orders-platform:environment:dev-smoke"],
    [
      "another who took the organization's name",
      "repo:energy-orders@40000002/orders-platform@700000001:environment:dev-smoke",
    ],
    [
      "a repository recreated under the name",
      "repo:energy-orders@40000001/orders-platform@700000002:environment:dev-smoke",
    ],
    [
      "a branch named like an environment",
      "repo:energy-orders@40000001/orders-platform@700000001:ref:refs/heads/environment:dev",
    ],
  ])("no check by %s", (_, sub) => {
    expect(trusts(smoke, github(job(sub)))).toBe(false);
  });

  it("no check by a job whose token is for somebody else", () => {
    const sub = "repo:energy-orders@40000001/orders-platform@700000001:environment:dev-smoke";
    expect(trusts(smoke, github(job(sub, "https://github.com/energy-orders")))).toBe(false);
  });
});

const arn = (service: string, resource: string, account = "111111111111"): string =>
  `arn:aws:${service}:eu-central-1:${account}:${resource}`;
const roleArn = (name: string): string => `arn:aws:iam::111111111111:role/${name}`;
const boundary = { "iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/account/dev-boundary" };

describe("the plan role", () => {
  const { declared } = accountOf("dev");
  const actions = permissionsOf(declared, "dev_hcp_plan").flatMap(({ Action }) => [Action].flat());

  it("only reads", () => {
    expect(actions.length).toBeGreaterThan(40);
    expect(
      actions.filter((action) => !/^(apigateway:GET|\w+:(Describe|Get|List|Validate|View)\w+)$/.test(action)),
    ).toEqual([]);
  });

  it.each([
    ["alias/aws/dynamodb", true],
    ["alias/aws/ssm", false],
    ["alias/prod-orders-topics", false],
  ])("looks at DynamoDB's own key, and at none of the account by an alias: %s", (alias, may) => {
    const asked = { action: "kms:DescribeKey", resource: arn("kms", "key/1") };
    const context = { "kms:RequestAlias": alias };
    expect(allows(permissionsOf(declared, "dev_hcp_plan"), { ...asked, context })).toBe(may);
    expect(allows(permissionsOf(declared, "dev_hcp_plan"), asked)).toBe(false);
  });

  it.each([
    ["dynamodb:GetItem", arn("dynamodb", "table/dev-orders")],
    ["s3:GetObject", "arn:aws:s3:::dev-orders-archive-111111111111/orders/x"],
    ["ssm:GetParameter", arn("ssm", "parameter/orders/dev/slack-webhook")],
    ["sqs:ReceiveMessage", arn("sqs", "dev-orders")],
  ])("reads no data: not %s", (action, resource) => {
    expect(allows(permissionsOf(declared, "dev_hcp_plan"), { action, resource })).toBe(false);
  });
});

describe("the apply role of dev", () => {
  const { declared } = accountOf("dev");
  const permissions = permissionsOf(declared, "dev_hcp_apply");
  const may = (asked: Asked): boolean => allows(permissions, asked);

  it.each<[string, string, Context]>([
    ["iam:CreateRole", roleArn("dev-place-orders"), boundary],
    ["iam:PutRolePolicy", roleArn("dev-place-orders"), boundary],
    ["iam:PassRole", roleArn("dev-place-orders"), { "iam:PassedToService": "lambda.amazonaws.com" }],
    ["kms:CreateKey", "*", { "aws:RequestTag/environment": "dev" }],
    ["kms:TagResource", arn("kms", "key/1"), { "aws:RequestTag/environment": "dev" }],
    ["dynamodb:DeleteTable", arn("dynamodb", "table/dev-orders"), {}],
  ])("may %s where the stack needs it", (action, resource, context) => {
    expect(may({ action, resource, context })).toBe(true);
  });

  it.each<[string, string, string, Context]>([
    ["make a role without a boundary", "iam:CreateRole", roleArn("dev-x"), {}],
    [
      "make a role with a boundary of its own choice",
      "iam:CreateRole",
      roleArn("dev-x"),
      { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" },
    ],
    ["give a role permissions that has no boundary", "iam:PutRolePolicy", roleArn("dev-x"), {}],
    ["attach policies", "iam:AttachRolePolicy", roleArn("dev-x"), boundary],
    ["lift a boundary", "iam:DeleteRolePermissionsBoundary", roleArn("dev-x"), boundary],
    ["change its own role", "iam:PutRolePolicy", roleArn("account/dev-hcp-apply"), boundary],
    [
      "change the boundary",
      "iam:CreatePolicyVersion",
      "arn:aws:iam::111111111111:policy/account/dev-boundary",
      {},
    ],
    [
      "pass a role to a service of another kind",
      "iam:PassRole",
      roleArn("dev-x"),
      { "iam:PassedToService": "ec2.amazonaws.com" },
    ],
    ["take a role on", "sts:AssumeRole", roleArn("dev-place-orders"), {}],
    [
      "touch another environment's functions",
      "lambda:UpdateFunctionCode",
      arn("lambda", "function:prod-x"),
      {},
    ],
    [
      "touch another account's",
      "dynamodb:DeleteTable",
      arn("dynamodb", "table/dev-orders", "333333333333"),
      {},
    ],
    ["touch the state", "s3:PutBucketPolicy", "arn:aws:s3:::energy-orders-state-111111111111", {}],
    [
      "use another environment's key",
      "kms:ScheduleKeyDeletion",
      arn("kms", "key/1"),
      { "aws:ResourceTag/environment": "prod" },
    ],
    [
      "make another environment's key its own",
      "kms:TagResource",
      arn("kms", "key/1"),
      { "aws:RequestTag/environment": "dev", "aws:ResourceTag/environment": "prod" },
    ],
    ["read orders", "dynamodb:GetItem", arn("dynamodb", "table/dev-orders"), {}],
    ["invoke functions", "lambda:InvokeFunction", arn("lambda", "function:dev-place-orders"), {}],
  ])("may not %s", (_, action, resource, context) => {
    expect(may({ action, resource, context })).toBe(false);
  });
});

describe("the apply role of prod", () => {
  const lost: ReadonlyArray<Asked> = [
    { action: "dynamodb:DeleteTable", resource: arn("dynamodb", "table/prod-orders", "333333333333") },
    { action: "sqs:DeleteQueue", resource: arn("sqs", "prod-orders", "333333333333") },
    { action: "s3:DeleteBucket", resource: "arn:aws:s3:::prod-orders-archive-333333333333" },
    { action: "s3:DeleteObjectVersion", resource: "arn:aws:s3:::prod-orders-archive-333333333333/orders/x" },
  ];
  const given = (environment: Environment) => accountOf("prod", () => environment).declared;

  it("can lose no data, until the environment's end was decided", () => {
    const { environment, declared } = accountOf("prod");
    const before = permissionsOf(declared, "prod_hcp_apply");
    const after = permissionsOf(given({ ...environment, decommission: "decided" }), "prod_hcp_apply");
    expect(lost.map((asked) => allows(before, asked))).toEqual(lost.map(() => false));
    expect(lost.map((asked) => allows(after, asked))).toEqual(lost.map(() => true));
  });
});

const environments = declaredEnvironments();

describe.each(deployedNames)("in %s", (name) => {
  const { environment, declared } = accountOf(name);
  const stack = environments.get(name);
  if (stack === undefined) throw new Error(`no stack ${name}`);
  const made = madeBy(stack, environment);

  it("the apply role may make whatever the stack declares, and tag it as the stack does", () => {
    const permissions = permissionsOf(declared, `${name}_hcp_apply`);
    const context = {
      "iam:PermissionsBoundary": `arn:aws:iam::${environment.account_id}:policy/account/${name}-boundary`,
      "aws:RequestTag/environment": name,
    };
    // A key that is being made has no ARN yet.
    const asked = made.map(({ action, arn: resource }) => ({
      action,
      resource: action === "kms:CreateKey" ? "*" : resource,
      context,
    }));
    expect(asked.length).toBeGreaterThan(40);
    expect(asked.filter((one) => !allows(permissions, one))).toEqual([]);
  });

  it("every role has the boundary, and nothing that the boundary would take from it", () => {
    const bounds = statementsIn(declared.one(`aws_iam_policy.${name}_boundary`)["policy"]);
    const arnOfBoundary = `arn:aws:iam::${environment.account_id}:policy/account/${name}-boundary`;
    for (const role of Object.values(stack.all("aws_iam_role")))
      expect(role["permissions_boundary"]).toBe(arnOfBoundary);
    const granted = Object.values(stack.all("aws_iam_role_policy"))
      .flatMap(({ policy }) => statementsIn(resolved(String(policy), made, environment)))
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) =>
          [Resource ?? []].flat().map((resource): Asked => ({
            action,
            resource,
            context: { "kms:ViaService": `sns.${environment.region}.amazonaws.com` },
          })),
        ),
      );
    expect(granted.length).toBeGreaterThan(60);
    expect(granted.filter((asked) => !allows(bounds, asked))).toEqual([]);
  });

  it("leaves AWS's own keys of parameters and tables to the roles, by way of these alone", () => {
    const bounds = statementsIn(declared.one(`aws_iam_policy.${name}_boundary`)["policy"]);
    const { region, account_id: account } = environment;
    const decrypt = (service: string): boolean =>
      allows(bounds, {
        action: "kms:Decrypt",
        resource: `arn:aws:kms:${region}:${account}:key/00000000-0000-0000-0000-000000000000`,
        context: { "kms:ViaService": `${service}.${region}.amazonaws.com` },
      });
    expect(["dynamodb", "sns", "ssm", "s3", "secretsmanager"].filter(decrypt)).toEqual([
      "dynamodb",
      "sns",
      "ssm",
    ]);
  });

  it("no role of another account's or the account's own is within reach of a role of the stack", () => {
    const bounds = statementsIn(declared.one(`aws_iam_policy.${name}_boundary`)["policy"]);
    for (const action of ["iam:PassRole", "iam:CreateUser", "sts:AssumeRole", "dynamodb:DeleteTable"])
      expect(allows(bounds, { action, resource: "*" })).toBe(false);
  });
});

describe("the roles of previews", () => {
  const { declared } = accountOf("dev");
  const previews = (phase: string, workspace = "orders-pv123") =>
    hcp(run(phase, workspace, "orders-previews"));
  const plan = trustOf(declared, "preview_hcp_plan");
  const apply = trustOf(declared, "preview_hcp_apply");
  const may = permissionsOf(declared, "preview_hcp_apply");

  it("trust the runs of every preview's workspace, and no other", () => {
    expect(trusts(plan, previews("plan"))).toBe(true);
    expect(trusts(apply, previews("apply", "orders-pv7"))).toBe(true);
    for (const token of [
      previews("plan"),
      previews("apply", "orders-dev"),
      previews("apply", "orders-prod"),
      hcp(run("apply", "orders-pv123")),
      hcp(run("apply", "orders-pv123", "orders-previews", "somebody-else")),
    ])
      expect(trusts(apply, token)).toBe(false);
  });

  it("make and remove what is a preview's, and touch nothing of an environment that lasts", () => {
    const acts = (name: string) =>
      [
        { action: "dynamodb:DeleteTable", resource: arn("dynamodb", `table/${name}-orders`) },
        { action: "sqs:DeleteQueue", resource: arn("sqs", `${name}-orders`) },
        {
          action: "s3:DeleteObject",
          resource: `arn:aws:s3:::${name}-orders-archive-111111111111/orders/a.json`,
        },
        { action: "lambda:DeleteFunction", resource: arn("lambda", `function:${name}-place-orders`) },
        { action: "kms:CreateKey", resource: "*", context: { "aws:RequestTag/environment": name } },
        {
          action: "iam:CreateRole",
          resource: roleArn(`${name}-place-orders`),
          context: { "iam:PermissionsBoundary": "arn:aws:iam::111111111111:policy/account/preview-boundary" },
        },
      ].map((asked) => allows(may, asked));
    expect(acts("pv123")).toEqual([true, true, true, true, true, true]);
    for (const name of [...deployedNames, "preview", "pr123"])
      expect(acts(name)).toEqual([false, false, false, false, false, false]);
  });

  it("are made where an environment offers previews only", () => {
    for (const { name, account_id } of shippedEnvironments().filter((one) =>
      deployedNames.includes(one.name),
    )) {
      const roles = Object.keys(accountOf(name).declared.all("aws_iam_role")).join();
      const isOffered = shippedEnvironments().some(
        (one) => one.account_id === account_id && one.previews === true,
      );
      expect([name, roles.includes("preview")]).toEqual([name, isOffered]);
    }
  });
});

describe("the policy for those who place orders", () => {
  const { declared } = accountOf("dev");
  const policy = statementsIn(declared.one("aws_iam_policy.dev_submit")["policy"]);
  const api = "arn:aws:execute-api:eu-central-1:111111111111:a1b2c3/$default";
  const may = (route: string): boolean =>
    allows(policy, { action: "execute-api:Invoke", resource: `${api}/${route}` });

  it("lets them use the routes of the API and no other, and is an output", () => {
    expect(["POST/orders", "GET/orders", "GET/orders/1", "GET/health"].map(may)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["GET/results", "DELETE/orders/1", "POST/orders/1"].map(may)).toEqual([false, false, false]);
    expect(declared.outputs).toContain("dev_submit_policy");
  });
});

describe("the policy for those who look at the console", () => {
  it.each(["dev", "preview"])("of %s allows what the console reads, and is an output", (owner) => {
    const { declared, environment } = accountOf("dev");
    const name = owner === "preview" ? everyPreviewOf(environment).name : owner;
    expect(declared.one(`aws_iam_policy.${owner}_console`)).toMatchObject({
      name: `${owner}-console`,
      policy: identityPolicy(permissionsIn({ ...environment, name })),
    });
    expect(declared.outputs).toContain(`${owner}_console_policy`);
  });
});

describe("a key of an environment's stack", () => {
  const keyPolicy = (name: string) =>
    JSON.stringify(parsed(environments.get(name)?.one("aws_kms_key.topics_key")["policy"]));
  const statement = (name: string, role: string) =>
    (
      parsed(keyPolicy(name)) as {
        Statement: ReadonlyArray<{ Principal: { AWS?: string }; Action: string[] }>;
      }
    ).Statement.find(({ Principal }) => Principal.AWS === role);

  it.each([
    ["dev", "111111111111"],
    ["prod", "333333333333"],
  ])(
    "of %s is managed by the environment's own runs, by name: KMS sees a new key's tags late",
    (name, account) => {
      const role = (phase: string) => `arn:aws:iam::${account}:role/account/${name}-hcp-${phase}`;
      expect(statement(name, role("apply"))?.Action).toEqual(
        expect.arrayContaining([
          "kms:DescribeKey",
          "kms:EnableKeyRotation",
          "kms:TagResource",
          "kms:UntagResource",
        ]),
      );
      expect(
        statement(name, role("plan"))?.Action.filter((action) => !/^kms:(Describe|Get|List)/.test(action)),
      ).toEqual([]);
      // And by none of their own policies, which could tell it by its tags only.
      for (const phase of ["plan", "apply"])
        expect(
          allows(permissionsOf(accountOf(name).declared, `${name}_hcp_${phase}`), {
            action: "kms:DescribeKey",
            resource: arn("kms", "key/1", account),
            context: { "aws:ResourceTag/environment": name },
          }),
        ).toBe(false);
    },
  );

  it("names no role where the account's stack makes none", () => {
    expect(keyPolicy("local")).not.toContain(":role/");
  });
});

describe("the state's bucket", () => {
  const { declared } = accountOf("dev");

  it("keeps every version, encrypted under its own key, closed to the public and to plain HTTP", () => {
    expect(declared.one("aws_s3_bucket.state")).toMatchObject({
      bucket: "energy-orders-state-111111111111",
      lifecycle: { prevent_destroy: true },
    });
    expect(declared.one("aws_s3_bucket_versioning.state_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(
      JSON.stringify(declared.one("aws_s3_bucket_server_side_encryption_configuration.state_encryption")),
    ).toMatch(/"kms_master_key_id":"\$\{aws_kms_key\.state_key\.arn\}","sse_algorithm":"aws:kms"/);
    expect(declared.one("aws_kms_key.state_key")).toMatchObject({
      enable_key_rotation: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(declared.one("aws_s3_bucket_public_access_block.state_public_access")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(String(declared.one("aws_s3_bucket_policy.state_policy")["policy"])).toContain(
      '"Condition":{"Bool":{"aws:SecureTransport":"false"}}',
    );
    const { rule } = declared.one("aws_s3_bucket_lifecycle_configuration.state_lifecycle");
    expect(rule).toEqual([
      expect.objectContaining({ noncurrent_version_expiration: [{ noncurrent_days: 365 }] }),
    ]);
    expect(rule).toEqual([expect.not.objectContaining({ expiration: expect.anything() })]);
  });
});

describe("with the longest names there may be", () => {
  const name = "environments";
  const { environment } = accountOf("dev");
  const longest: Environment = {
    ...environment,
    name,
    region: "ap-southeast-2",
    tags: { ...environment.tags, environment: name },
  };

  it("the policies stay within IAM's limits", () => {
    const [account] = accountsOf([environment]);
    if (account === undefined) throw new Error("no account");
    const declared = declaredStack((app) => new AccountStack(app, { ...account, environments: [longest] }));
    const inline = new Map<string, number>();
    for (const { role, policy } of Object.values(declared.all("aws_iam_role_policy")))
      inline.set(String(role), (inline.get(String(role)) ?? 0) + String(policy).length);
    expect([...inline].filter(([, size]) => size > 10_240)).toEqual([]);
    // Two of its own, and the one of its previews.
    expect(inline.size).toBe(3);
    for (const { policy } of Object.values(declared.all("aws_iam_policy")))
      expect(String(policy).length).toBeLessThanOrEqual(6_144);
  });
});
