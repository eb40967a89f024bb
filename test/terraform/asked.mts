import type { Context } from "../../local/engine/iam/request";
import { ACCOUNT, type AccountMemory } from "./account-memory.mts";
import { s3 } from "./asked-of-s3.mts";
import { type Call, recordOf, tagsOf, type Tags, textOf, textsOf } from "./wire.mts";

/** What a call is about, service by service: the resources, what it states of them, and what it needs besides. */

/** An action on a resource that a policy must allow. */
export type Access = { readonly action: string; readonly resource: string; readonly context: Context };

export type Asked = {
  /** The action must be allowed on each. */
  readonly resources: ReadonlyArray<string>;
  readonly context?: Context;
  /** Tags that the call sets. */
  readonly tags?: Tags;
  /** Keys of tags that it takes away. */
  readonly untagged?: ReadonlyArray<string>;
  /** Where it makes something: the action that its tags need, and on what, where AWS makes up the name. */
  readonly making?: { readonly tagging: string; readonly arn?: string };
  readonly besides?: ReadonlyArray<Access>;
};

export type Service = (call: Call, action: string, memory: AccountMemory) => Asked | undefined;

const arnIn =
  (service: string) =>
  ({ region }: Call, resource: string): string =>
    `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;

/** The resource that a call names by an ARN, or by a name that makes one. */
const one = (arn: string | undefined, rest: Omit<Asked, "resources"> = {}): Asked | undefined =>
  arn === undefined ? undefined : { resources: [arn], ...rest };

const named = (name: string | undefined, arn: (name: string) => string): string | undefined =>
  name === undefined || name.startsWith("arn:") ? name : arn(name);

const making = (isMaking: boolean, tagging: string, arn?: string): Pick<Asked, "making"> =>
  isMaking ? { making: { tagging, ...(arn === undefined ? {} : { arn }) } } : {};

/** A name that AWS makes up, and policies cannot foresee. */
const NEW = "00000000-0000-0000-0000-000000000000";

const passing = (role: string | undefined, service: string): ReadonlyArray<Access> =>
  role === undefined
    ? []
    : [
        {
          action: "iam:PassRole",
          resource: role,
          context: { "iam:PassedToService": `${service}.amazonaws.com` },
        },
      ];

const withTags = ({ input }: Call): Pick<Asked, "tags" | "untagged"> => {
  const tags = tagsOf(input["tags"] ?? input["Tags"]);
  const untagged = textsOf(input["TagKeys"] ?? input["tagKeys"]);
  return {
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(untagged.length === 0 ? {} : { untagged }),
  };
};

const sqs: Service = (call, action) => {
  const name = textOf(call.input, "QueueName") ?? textOf(call.input, "QueueUrl")?.split("/").at(-1);
  return one(
    named(name, (queue) => arnIn("sqs")(call, queue)),
    { ...withTags(call), ...making(action === "sqs:CreateQueue", "sqs:TagQueue") },
  );
};

const sns: Service = (call, action) => {
  const { input } = call;
  // IAM names topics, not subscriptions.
  if (input["SubscriptionArn"] !== undefined) return { resources: ["*"] };
  const [protocol, endpoint] = [textOf(input, "Protocol"), textOf(input, "Endpoint")];
  return one(
    named(textOf(input, "TopicArn", "ResourceArn", "Name"), (topic) => arnIn("sns")(call, topic)),
    {
      ...withTags(call),
      ...making(action === "sns:CreateTopic", "sns:TagResource"),
      ...(protocol === undefined
        ? {}
        : { context: { "sns:Protocol": protocol, "sns:Endpoint": endpoint ?? "" } }),
    },
  );
};

const dynamodb: Service = (call, action) =>
  one(
    named(textOf(call.input, "TableName", "ResourceArn"), (table) =>
      arnIn("dynamodb")(call, `table/${table}`),
    ),
    { ...withTags(call), ...making(action === "dynamodb:CreateTable", "dynamodb:TagResource") },
  );

/** In no region, and with names of their own for tags. */
const budgets: Service = ({ input, operation }) => {
  const name = textOf(recordOf(input["Budget"] ?? input["NewBudget"] ?? input), "BudgetName");
  return one(
    textOf(input, "ResourceARN") ?? named(name, (budget) => `arn:aws:budgets::${ACCOUNT}:budget/${budget}`),
    {
      tags: tagsOf(input["ResourceTags"]),
      untagged: textsOf(input["ResourceTagKeys"]),
      ...making(operation === "CreateBudget", "budgets:TagResource"),
    },
  );
};

/** As AWS's own refusals name them: a group by its streams, and all groups by a group without a name. */
const logs: Service = (call, action) =>
  one(
    action.includes("QueryDefinition")
      ? "*"
      : action === "logs:DescribeLogGroups"
        ? arnIn("logs")(call, "log-group::log-stream:")
        : (textOf(call.input, "resourceArn") ??
          named(textOf(call.input, "logGroupName"), (group) =>
            arnIn("logs")(call, `log-group:${group}:log-stream:`),
          )),
    { ...withTags(call), ...making(action === "logs:CreateLogGroup", "logs:TagResource") },
  );

const states: Service = (call, action) => {
  const { input } = call;
  if (action === "states:ValidateStateMachineDefinition") return { resources: ["*"] };
  return one(
    named(textOf(input, "stateMachineArn", "resourceArn", "name"), (name) =>
      arnIn("states")(call, `stateMachine:${name}`),
    ),
    {
      ...withTags(call),
      ...making(action === "states:CreateStateMachine", "states:TagResource"),
      besides: passing(textOf(input, "roleArn"), "states"),
    },
  );
};

const scheduler: Service = (call) => {
  const group = textOf(call.input, "GroupName") ?? call.query.get("groupName") ?? "default";
  return one(
    named(call.path[1], (name) => arnIn("scheduler")(call, `schedule/${group}/${name}`)),
    { besides: passing(textOf(recordOf(call.input["Target"]), "RoleArn"), "scheduler") },
  );
};

const lambda: Service = (call, action, memory) => {
  const { input, path, query } = call;
  const functionArn = (name: string | undefined): string | undefined =>
    named(name, (short) => arnIn("lambda")(call, `function:${short}`));
  const [, kind = "", name] = path;
  switch (kind) {
    case "functions":
      return one(functionArn(name ?? textOf(input, "FunctionName")), {
        ...withTags(call),
        ...making(action === "lambda:CreateFunction", "lambda:TagResource"),
        besides: passing(textOf(input, "Role"), "lambda"),
      });
    case "event-source-mappings": {
      const arn = arnIn("lambda")(call, `event-source-mapping:${name ?? NEW}`);
      const isFor = functionArn(textOf(input, "FunctionName")) ?? memory.functionOf(arn);
      return {
        resources: [name === undefined ? "*" : arn],
        ...(isFor === undefined ? {} : { context: { "lambda:FunctionArn": isFor } }),
        ...withTags(call),
        ...making(name === undefined, "lambda:TagResource", arn),
      };
    }
    case "tags":
      return one(name, { ...withTags(call), untagged: query.getAll("tagKeys") });
    case "account-settings":
      return { resources: ["*"] };
    default:
      return undefined;
  }
};

/** Who may change what roles are allowed is decided by the boundary that a role has, or is to get. */
const iam: Service = (call, action, memory) => {
  const { input } = call;
  const name = textOf(input, "RoleName");
  if (name === undefined) return one(textOf(input, "PolicyArn"));
  const known = memory.role(name);
  const arn = known?.arn ?? `arn:aws:iam::${ACCOUNT}:role${textOf(input, "Path") ?? "/"}${name}`;
  const boundary = textOf(input, "PermissionsBoundary") ?? known?.boundary;
  const policy = textOf(input, "PolicyArn");
  return one(arn, {
    ...withTags(call),
    ...making(action === "iam:CreateRole", "iam:TagRole"),
    context: {
      ...(boundary === undefined ? {} : { "iam:PermissionsBoundary": boundary }),
      ...(policy === undefined ? {} : { "iam:PolicyARN": policy }),
    },
  });
};

const kms: Service = (call, action, memory) => {
  const { input } = call;
  if (action === "kms:ListAliases") return { resources: ["*"] };
  const arn = arnIn("kms");
  if (action === "kms:CreateKey")
    return {
      resources: ["*"],
      ...withTags(call),
      ...making(true, "kms:TagResource", arn(call, `key/${NEW}`)),
    };
  const keyArn = (id: string): string =>
    id.startsWith("alias/") ? (memory.keyOfAlias(id) ?? arn(call, `key/of-${id}`)) : arn(call, `key/${id}`);
  const alias = textOf(input, "AliasName");
  const target = named(textOf(input, "TargetKeyId"), keyArn);
  if (alias !== undefined) {
    const current = memory.keyOfAlias(alias);
    return {
      resources: [...new Set([arn(call, alias), ...[current, target].filter((key) => key !== undefined)])],
    };
  }
  const id = textOf(input, "KeyId");
  const context = id?.startsWith("alias/") === true ? { "kms:RequestAlias": id } : {};
  return one(named(id, keyArn), { ...withTags(call), context });
};

const cloudwatch: Service = (call, action) => {
  const { input } = call;
  const arn = (alarm: string): string => arnIn("cloudwatch")(call, `alarm:${alarm}`);
  const dashboards = [textOf(input, "DashboardName") ?? [], textsOf(input["DashboardNames"])].flat();
  if (dashboards.length > 0)
    return { resources: dashboards.map((name) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`) };
  if (action === "cloudwatch:DescribeAlarms") return { resources: [arn("*")] };
  const listed = textsOf(input["AlarmNames"]);
  if (listed.length > 0) return { resources: listed.map(arn) };
  return one(named(textOf(input, "AlarmName", "ResourceARN"), arn), {
    ...withTags(call),
    ...making(/PutMetricAlarm$/.test(action), "cloudwatch:TagResource"),
  });
};

const onAnything = (...actions: ReadonlyArray<string>): ReadonlyArray<Access> =>
  actions.map((action) => ({ action, resource: "*", context: {} }));

/** An access log of a stage is a delivery of CloudWatch Logs. */
const delivering = ({ method, path, input }: Call): ReadonlyArray<Access> => {
  if (path[3] !== "stages") return [];
  if (method === "DELETE") return onAnything("logs:DeleteLogDelivery");
  if (input["accessLogSettings"] === undefined) return [];
  const own = method === "POST" ? "logs:CreateLogDelivery" : "logs:UpdateLogDelivery";
  return onAnything(own, "logs:DescribeResourcePolicies", "logs:PutResourcePolicy");
};

/** API Gateway makes its role with the first API of an account, in the name of whoever makes that. */
const OWN_ROLE: Access = {
  action: "iam:CreateServiceLinkedRole",
  resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
  context: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" },
};

const apigateway: Service = (call) => {
  const { method, path, region, input, query } = call;
  const [version, kind, id = "new"] = path;
  if (version !== "v2") return undefined;
  const arn = (below: string): string => `arn:aws:apigateway:${region}::/${below}`;
  if (kind === "tags")
    return one(arn(`tags/${encodeURIComponent(id)}`), {
      ...withTags(call),
      untagged: query.getAll("tagKeys"),
    });
  const isApi = method === "POST" && path.length === 2;
  const stage = method === "POST" && path[3] === "stages" ? textOf(input, "stageName") : undefined;
  return one(arn(path.slice(1).join("/")), {
    ...withTags(call),
    ...making(method === "POST", "apigateway:TagResource", arn([...path.slice(1), stage ?? "new"].join("/"))),
    besides: [...delivering(call), ...(isApi ? [OWN_ROLE] : [])],
  });
};

/** By the names that signatures have. */
export const SERVICES: Readonly<Record<string, Service>> = {
  ...{ apigateway, budgets, dynamodb, iam, kms, lambda, logs, monitoring: cloudwatch },
  ...{ s3, scheduler, sns, sqs, states },
};
