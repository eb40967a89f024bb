import { decide } from "../../../../local/engine/iam/decide";
import { denialHint, denialMessage, type Denial } from "../../../../local/engine/iam/denial";
import type { Principal } from "../../../../local/engine/iam/request";
import { ACCOUNT, asking, policyOf, QUEUE, role, ROLE_ARN, sns, TABLE } from "./support";

const put = asking("dynamodb:PutItem", TABLE);
const send = asking("sqs:SendMessage", QUEUE);
const mayPut = policyOf("identity", "table", {
  Sid: "Put",
  Effect: "Allow",
  Action: "dynamodb:Put*",
  Resource: TABLE,
});
const queuePolicy = (statement: Readonly<Record<string, unknown>>) =>
  policyOf("resource", "queue", {
    Sid: "Q",
    Effect: "Allow",
    Action: "sqs:SendMessage",
    Resource: QUEUE,
    ...statement,
  });
const tagOf = (...given: Parameters<typeof decide>) => decide(...given)._tag;

describe("identity policies", () => {
  it("allow what a statement covers, and say which of its words did", () => {
    expect(decide(put, { identity: [mayPut] })).toEqual({
      _tag: "Allowed",
      by: [{ policy: "table", kind: "identity", statement: "Put", action: "dynamodb:Put*", resource: TABLE }],
    });
  });

  it.each([
    ["another action", asking("dynamodb:DeleteItem", TABLE)],
    ["another resource", asking("dynamodb:PutItem", `${TABLE}-other`)],
    ["an index of the table", asking("dynamodb:PutItem", `${TABLE}/index/decided`)],
  ])("do not allow %s", (_, request) => {
    expect(decide(request, { identity: [mayPut] })).toEqual({ _tag: "ImplicitlyDenied" });
  });

  it("allow nothing when there are none", () => {
    expect(tagOf(put, { identity: [] })).toBe("ImplicitlyDenied");
  });

  it("lose to a deny anywhere", () => {
    const deny = policyOf("identity", "guard", {
      Sid: "No",
      Effect: "Deny",
      NotAction: "dynamodb:Get*",
      Resource: "*",
    });
    expect(decide(put, { identity: [mayPut, deny] })).toEqual({
      _tag: "ExplicitlyDenied",
      by: { policy: "guard", kind: "identity", statement: "No" },
    });
    const everybody = queuePolicy({ Effect: "Deny", Principal: "*" });
    const maySend = policyOf("identity", "i", { Effect: "Allow", Action: "sqs:*", Resource: "*" });
    expect(tagOf(send, { identity: [maySend], resource: [everybody] })).toBe("ExplicitlyDenied");
  });

  it("cover all but what NotAction and NotResource list", () => {
    const policy = policyOf("identity", "n", { Effect: "Allow", NotAction: "iam:*", NotResource: QUEUE });
    expect(tagOf(put, { identity: [policy] })).toBe("Allowed");
    expect(tagOf(send, { identity: [policy] })).toBe("ImplicitlyDenied");
    expect(tagOf(asking("iam:CreateUser", "*"), { identity: [policy] })).toBe("ImplicitlyDenied");
  });
});

describe("resource policies", () => {
  const other: Principal = { _tag: "Role", account: ACCOUNT, name: "another", session: "s" };

  it.each([
    ["the role", { AWS: ROLE_ARN }],
    ["the session", { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/place-orders/local` }],
    ["everybody", "*"],
  ])("naming %s suffice", (_, Principal) => {
    expect(tagOf(send, { identity: [], resource: [queuePolicy({ Principal })] })).toBe("Allowed");
  });

  it("naming somebody else do not", () => {
    const resource = [queuePolicy({ Principal: { AWS: ROLE_ARN } })];
    expect(tagOf({ ...send, principal: other }, { identity: [], resource })).toBe("ImplicitlyDenied");
    expect(tagOf({ ...send, principal: { _tag: "Anonymous" } }, { identity: [], resource })).toBe(
      "ImplicitlyDenied",
    );
  });

  it("naming the account leave an allow to the identity policies, but deny everybody in it", () => {
    const allow = queuePolicy({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } });
    expect(tagOf(send, { identity: [], resource: [allow] })).toBe("ImplicitlyDenied");
    const deny = queuePolicy({ Effect: "Deny", Principal: { AWS: ACCOUNT } });
    const maySend = policyOf("identity", "i", { Effect: "Allow", Action: "sqs:*", Resource: "*" });
    expect(tagOf(send, { identity: [maySend], resource: [deny] })).toBe("ExplicitlyDenied");
  });

  it("let a service in for its source only", () => {
    const topic = `arn:aws:sns:eu-west-1:${ACCOUNT}:notifications`;
    const resource = [
      queuePolicy({
        Principal: { Service: "sns.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": topic } },
      }),
    ];
    const from = (arn: string) => ({ ...send, principal: sns, context: { "AWS:sourcearn": arn } });
    expect(tagOf(from(topic), { identity: [], resource })).toBe("Allowed");
    expect(tagOf(from(`${topic}-2`), { identity: [], resource })).toBe("ImplicitlyDenied");
    expect(tagOf({ ...send, principal: sns }, { identity: [], resource })).toBe("ImplicitlyDenied");
    expect(tagOf({ ...from(topic), principal: role }, { identity: [], resource })).toBe("ImplicitlyDenied");
  });

  it("spare from a deny whom NotPrincipal lists with its account, as AWS does", () => {
    const maySend = policyOf("identity", "i", { Effect: "Allow", Action: "sqs:*", Resource: "*" });
    const deny = (AWS: ReadonlyArray<string>) => queuePolicy({ Effect: "Deny", NotPrincipal: { AWS } });
    const asked = (AWS: ReadonlyArray<string>) => tagOf(send, { identity: [maySend], resource: [deny(AWS)] });
    expect(asked([ROLE_ARN, ACCOUNT])).toBe("Allowed");
    expect(asked([ROLE_ARN])).toBe("ExplicitlyDenied");
    expect(asked([ACCOUNT])).toBe("ExplicitlyDenied");
  });
});

describe("a resource that decides (trust policies, KMS keys)", () => {
  const assume = asking("sts:AssumeRole", ROLE_ARN, {
    principal: { _tag: "Service", name: "lambda.amazonaws.com" },
  });
  const trust = (Principal: unknown) => [
    policyOf("trust", "trust", { Effect: "Allow", Action: "sts:AssumeRole", Principal }),
  ];
  const everything = policyOf("identity", "all", { Effect: "Allow", Action: "*", Resource: "*" });
  const resourceDecides = true;

  it("opens to the named service and no other, whatever identity policies say", () => {
    const lambda = trust({ Service: "lambda.amazonaws.com" });
    expect(tagOf(assume, { identity: [], resource: lambda, resourceDecides })).toBe("Allowed");
    expect(
      tagOf(assume, {
        identity: [everything],
        resource: trust({ Service: "states.amazonaws.com" }),
        resourceDecides,
      }),
    ).toBe("ImplicitlyDenied");
  });

  it("opens by its account only together with an identity policy", () => {
    const asked = { ...assume, principal: role };
    const resource = trust({ AWS: ACCOUNT });
    expect(tagOf(asked, { identity: [everything], resource, resourceDecides })).toBe("Allowed");
    expect(tagOf(asked, { identity: [], resource, resourceDecides })).toBe("ImplicitlyDenied");
  });
});

describe("a refusal", () => {
  const user = `User: arn:aws:sts::${ACCOUNT}:assumed-role/place-orders/local is not authorized to perform:`;
  const denied = (kind: "identity" | "resource"): Denial => ({
    _tag: "ExplicitlyDenied",
    by: { policy: "guard", kind, statement: "No" },
  });

  it("is in AWS's words", () => {
    const on = `${user} dynamodb:PutItem on resource: ${TABLE}`;
    expect(denialMessage(put, { _tag: "ImplicitlyDenied" })).toBe(
      `${on} because no identity-based policy allows the dynamodb:PutItem action`,
    );
    expect(denialMessage(put, denied("identity"))).toBe(
      `${on} with an explicit deny in an identity-based policy`,
    );
    expect(denialMessage(put, denied("resource"))).toBe(
      `${on} with an explicit deny in a resource-based policy`,
    );
  });

  it("names the session of a role that has a path without it, as AWS does", () => {
    const asked = asking("dynamodb:PutItem", TABLE, {
      principal: { _tag: "Role", account: ACCOUNT, name: "account/dev-hcp-apply", session: "run" },
    });
    expect(denialMessage(asked, { _tag: "ImplicitlyDenied" })).toMatch(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/dev-hcp-apply/run is not`,
    );
  });

  it("names the missing statement, or the one in the way", () => {
    expect(denialHint(put, { _tag: "ImplicitlyDenied" })).toBe(
      `role place-orders lacks: {"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"${TABLE}"}`,
    );
    expect(denialHint(put, denied("identity"))).toBe(
      `role place-orders: statement No of policy guard denies dynamodb:PutItem on ${TABLE}`,
    );
    expect(denialHint({ ...send, principal: sns }, { _tag: "ImplicitlyDenied" })).toBe(
      `sns.amazonaws.com lacks in the resource's policy: {"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"${QUEUE}"}`,
    );
  });
});
