import {
  at,
  each,
  type Check,
  refersTo,
  type Resource,
  resources,
  type Rule,
  type Stack,
  statementsOf,
} from "./rule";

/** The attribute that names the role of each type, or the function whose role it is. */
const ACTING: Readonly<Record<string, string>> = {
  aws_lambda_event_source_mapping: "function_name",
  aws_lambda_function_event_invoke_config: "function_name",
  aws_scheduler_schedule: "target.role_arn",
  aws_sfn_state_machine: "role_arn",
};

/** The role that an attribute names, or that the function has which it names. */
const roleOf = (stack: Stack, named: unknown): Resource | undefined => {
  const role = resources(stack, "aws_iam_role").find(({ address }) => refersTo(named, address));
  if (role !== undefined) return role;
  const made = resources(stack, "aws_lambda_function").find(({ address }) => refersTo(named, address));
  return made === undefined ? undefined : roleOf(stack, made.attributes["role"]);
};

const policiesOf = (stack: Stack, role: Resource | undefined): ReadonlyArray<Resource> =>
  role === undefined
    ? []
    : resources(stack, "aws_iam_role_policy").filter(({ attributes }) =>
        refersTo(attributes["role"], role.address),
      );

const waits: Check = (stack) =>
  Object.entries(ACTING).flatMap(([type, attribute]) =>
    each(type, ({ attributes }) => {
      const policies = policiesOf(stack, roleOf(stack, at(attributes, attribute)));
      const awaited = [attributes["depends_on"] ?? []].flat();
      const missing = policies.find(({ address }) => !awaited.includes(address));
      if (missing !== undefined) return `let it depend on ${missing.address}`;
      return policies.length === 0 ? `give the role in ${attribute} its policies` : undefined;
    })(stack),
  );

const TRACES = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

/**
 * What the service does under the role besides what it was made for: Lambda Developer Guide, "Lambda execution
 * role"; Step Functions Developer Guide, "X-Ray and Step Functions" and "Using CloudWatch Logs".
 */
const NEEDED: Readonly<Record<string, ReadonlyArray<string>>> = {
  aws_lambda_function: [...TRACES, "logs:CreateLogStream", "logs:PutLogEvents"],
  aws_sfn_state_machine: [
    ...TRACES,
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    ...["Create", "Get", "Update", "Delete"].map((verb) => `logs:${verb}LogDelivery`),
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
};

const mayTraceAndLog: Check = (stack) =>
  Object.entries(NEEDED).flatMap(([type, needed]) =>
    each(type, ({ attributes }) => {
      const role = roleOf(stack, attributes["role"] ?? attributes["role_arn"]);
      const granted = policiesOf(stack, role).flatMap(({ address, attributes: { policy } }) =>
        statementsOf(policy, address).flatMap(({ actions }) => actions),
      );
      const missing = needed.find((action) => !granted.includes(action));
      return missing === undefined ? undefined : `grant its role ${missing}`;
    })(stack),
  );

export const READINESS: ReadonlyArray<Rule> = [
  { sentence: "Whatever acts as soon as it is made waits until its role may", check: waits },
  { sentence: "Every role may do what tracing and logging take", check: mayTraceAndLog },
];
