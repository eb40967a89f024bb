import * as E from "fp-ts/Either";
import * as TE from "fp-ts/TaskEither";
import { awsChecks } from "../../cli/preflight/checks";
import { bootstrappedFor } from "../../cli/preflight/account";
import { shown } from "../../cli/preflight/result-line";
import { ACTIONS, type Reads } from "../../cli/preflight/reads";
import { settingLines } from "../../cli/preflight/workspace";
import type { Environment } from "../../environments/environment";
import { shippedEnvironments } from "../support/synth";
import { accountOf, accountsOf, permissionsOf } from "../stacks/account/accounts";
import { allows } from "../stacks/account/evaluate";

const environmentOf = (name: string): Environment => {
  const found = shippedEnvironments().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no environment ${name}`);
  return found;
};
const prod = environmentOf("prod");
const reserved = Object.values(prod.functions).reduce((sum, { concurrency = 0 }) => sum + concurrency, 0);
const bootstrapped = bootstrappedFor(prod, accountsOf(shippedEnvironments()));

/** An account in which everything is there, with the quota AWS gives after asking. */
const ready: Reads = {
  account: TE.right("333333333333"),
  parameters: (names) => TE.right(new Map(names.map((name) => [name, "SecureString"]))),
  concurrency: TE.right({ limit: 1_000, unreserved: 1_000 }),
  reserved: () => TE.left({ _tag: "Missing" }),
  identityProviders: TE.right(
    ["app.terraform.io", "token.actions.githubusercontent.com"].map(
      (host) => `arn:aws:iam::333333333333:oidc-provider/${host}`,
    ),
  ),
  role: () => TE.right({}),
  policy: () => TE.right({}),
  bucket: () => TE.right({}),
};

const looked = async (changes: Partial<Reads>): Promise<ReadonlyArray<string>> =>
  (await awsChecks(prod, bootstrapped, { ...ready, ...changes })()).map(shown);
const undone = async (changes: Partial<Reads>): Promise<ReadonlyArray<string>> =>
  (await looked(changes)).filter((line) => !line.startsWith("ok"));

describe("preflight", () => {
  it("finds everything that the account's stack makes for the environment, and its secrets", async () => {
    expect(await looked({})).toEqual([
      "ok     account: 333333333333 is that of prod",
      "ok     parameter /orders/prod/slack-webhook: is a SecureString",
      "ok     parameter /orders/prod/auction-key: is a SecureString",
      `ok     concurrency: prod reserves ${reserved}, others 0, of the account's 1000`,
      "ok     state bucket energy-orders-state-333333333333: exists",
      "ok     identity provider app.terraform.io: exists",
      "ok     identity provider token.actions.githubusercontent.com: exists",
      "ok     role prod-github-smoke: exists",
      "ok     role prod-hcp-apply: exists",
      "ok     role prod-hcp-plan: exists",
      "ok     policy prod-boundary: exists",
      "ok     policy prod-console: exists",
      "ok     policy prod-read: exists",
      "ok     policy prod-submit: exists",
    ]);
  });

  it("looks at nothing else with credentials of another account", async () => {
    expect(await looked({ account: TE.right("222222222222") })).toEqual([
      "to do  account: prod is in 333333333333, these credentials are of 222222222222; nothing else of AWS was looked at",
    ]);
  });

  it("finds the quota of a new account too small for what is reserved plus what AWS keeps back", async () => {
    expect(await undone({ concurrency: TE.right({ limit: 10, unreserved: 10 }) })).toEqual([
      `to do  concurrency: prod reserves ${reserved}, others 0, and 100 must stay unreserved: ${reserved + 100} are needed, the account has 10. Ask for more: Service Quotas, AWS Lambda, Concurrent executions`,
    ]);
  });

  it("counts what others have reserved, and not twice what the environment itself has", async () => {
    const taken = TE.right({ limit: 250, unreserved: 150 });
    expect(await undone({ concurrency: taken })).toHaveLength(1);
    const own = (name: string) => TE.right(name === "prod-place-orders" ? 100 : 0);
    expect(await undone({ concurrency: taken, reserved: own })).toEqual([]);
  });

  it("tells how to make a secret that is missing, or that anybody may read", async () => {
    const parameters = () => TE.right(new Map([["/orders/prod/auction-key", "String"]]));
    expect(await undone({ parameters })).toEqual([
      "to do  parameter /orders/prod/slack-webhook: does not exist; create it: aws ssm put-parameter --type SecureString --name /orders/prod/slack-webhook --value …",
      expect.stringMatching(/^to do {2}parameter \/orders\/prod\/auction-key: is a String, readable by/),
    ]);
  });

  it("tells what is not bootstrapped, each by its name", async () => {
    const missing = TE.left({ _tag: "Missing" as const });
    const lines = await undone({
      role: (name) => (name === "prod-hcp-plan" ? missing : TE.right({})),
      policy: () => missing,
      bucket: () => missing,
      identityProviders: TE.right([]),
    });
    expect(
      lines.map((line) => line.replace(/: does not exist; bootstrap the account: docs.account.md$/, "")),
    ).toEqual([
      "to do  state bucket energy-orders-state-333333333333",
      "to do  identity provider app.terraform.io",
      "to do  identity provider token.actions.githubusercontent.com",
      "to do  role prod-hcp-plan",
      "to do  policy prod-boundary",
      "to do  policy prod-console",
      "to do  policy prod-read",
      "to do  policy prod-submit",
    ]);
  });

  it("takes nothing for there that it may not look at, and says what it would need", async () => {
    const denied = TE.left({
      _tag: "Unasked" as const,
      reason: "could not be asked (iam:GetRole): AccessDenied",
    });
    expect(await undone({ role: () => denied })).toEqual(
      ["github-smoke", "hcp-apply", "hcp-plan"].map(
        (role) => `to do  role prod-${role}: could not be asked (iam:GetRole): AccessDenied`,
      ),
    );
  });

  it("only reads", () => {
    for (const action of Object.values(ACTIONS)) expect(action).toMatch(/^\w+:(Get|List|Describe)[A-Z]\w+$/);
  });

  it("asks nothing that the role for plans may not ask", () => {
    const { declared } = accountOf("prod");
    const statements = permissionsOf(declared, "prod_hcp_plan");
    const iam = "arn:aws:iam::333333333333";
    const resources: Readonly<Record<keyof typeof ACTIONS, ReadonlyArray<string>>> = {
      // Needs no permission.
      GetCallerIdentity: [],
      DescribeParameters: ["*"],
      GetAccountSettings: ["*"],
      GetFunctionConcurrency: ["arn:aws:lambda:eu-central-1:333333333333:function:prod-place-orders"],
      ListOpenIDConnectProviders: ["*"],
      GetRole: E.isRight(bootstrapped)
        ? bootstrapped.right.roles.map((role) => `${iam}:role/account/${role}`)
        : [],
      GetPolicy: E.isRight(bootstrapped) ? bootstrapped.right.policyArns : [],
      GetBucketLocation: ["arn:aws:s3:::energy-orders-state-333333333333"],
    };
    for (const [call, asked] of Object.entries(resources))
      for (const resource of asked)
        expect([
          call,
          resource,
          allows(statements, { action: ACTIONS[call as keyof typeof ACTIONS], resource }),
        ]).toEqual([call, resource, true]);
  });
});

describe("a workspace", () => {
  const settings = {
    "execution-mode": "remote",
    "auto-apply": false,
    "vcs-repo": null,
    "terraform-version": "1.11.4",
  };
  const undoneOf = (changes: Partial<Parameters<typeof settingLines>[1]>): ReadonlyArray<string> =>
    settingLines("orders-prod", { ...settings, ...changes })
      .map(shown)
      .filter((line) => !line.startsWith("ok"));

  it("is ready as docs/new-environment.md makes it", () => {
    expect(undoneOf({})).toEqual([]);
    expect(undoneOf({ "execution-mode": "agent", "terraform-version": "~> 1.11.0" })).toEqual([]);
  });

  it.each([
    [{ "execution-mode": "local" }, /execution mode is "local"/],
    [{ "auto-apply": true }, /auto-apply/],
    [{ "vcs-repo": { identifier: "energy-orders/orders-platform" } }, /linked to a repository/],
    [{ "terraform-version": "1.9.8" }, /runs Terraform 1\.9\.8; this project is tested with 1\.11/],
    [{ "terraform-version": "latest" }, /runs Terraform latest/],
  ])("contradicts the flow with %j", (changes, said) => {
    expect(undoneOf(changes)).toEqual([expect.stringMatching(said)]);
  });
});
