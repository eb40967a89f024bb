import { isDeepStrictEqual } from "node:util";
import * as t from "io-ts";
import {
  at,
  companion,
  each,
  eachStatement,
  resources,
  RESOURCE_POLICIES,
  type Check,
  type Rule,
  type Statement,
  statementsOf,
} from "./rule";

const isEverybody = ({ principal }: Statement): boolean => principal === "*" || at(principal, "AWS") === "*";

/** Whether it refuses everybody who comes without TLS: a further condition would let some of them in. */
const deniesWithoutTls = (statement: Statement): boolean =>
  statement.effect === "Deny" &&
  isEverybody(statement) &&
  isDeepStrictEqual(statement.condition, { Bool: { "aws:SecureTransport": "false" } });

/** A resource whose policy, held by another, must refuse everybody who comes without TLS, for all of it. */
const tlsOnly = (
  type: string,
  policyType: string,
  by: string,
  action: RegExp,
  parts: ReadonlyArray<string> = [""],
): Check =>
  each(type, (resource, stack) => {
    const policy = companion(stack, resource, policyType, by);
    const refused = statementsOf(policy?.attributes["policy"], "")
      .filter(deniesWithoutTls)
      .filter(({ actions }) => actions.some((one) => action.test(one)))
      .flatMap((statement) => statement.resources);
    return parts.every((part) => refused.includes(`\${${resource.address}.arn}${part}`))
      ? undefined
      : `add a Deny without aws:SecureTransport to its ${policyType}`;
  });

/** Whether a condition says for which resource or account of ours a service acts. */
const isBound = (condition: Readonly<Record<string, unknown>>, account: string): boolean =>
  ["StringEquals", "ArnEquals", "ArnLike"]
    .flatMap((operator) => ["aws:SourceArn", "aws:SourceAccount"].map((key) => at(condition[operator], key)))
    .some((value) => value === account || (t.string.is(value) && /^\$\{aws_\w+\.\w+\.arn\}/.test(value)));

/** A principal of this account, or a service of AWS under a condition on where it acts from. */
const strangers = ({ effect, principal, condition }: Statement, account: string): string | undefined => {
  if (effect !== "Allow") return undefined;
  if (principal === "*" || at(principal, "AWS") === "*") return "name its principals: * is everybody";
  const kinds = t.UnknownRecord.is(principal) ? Object.keys(principal) : [];
  const strange = kinds.find((kind) => kind !== "AWS" && kind !== "Service");
  if (kinds.length === 0 || strange !== undefined)
    return `let in accounts and services alone, no ${strange ?? "unnamed principal"}`;
  const aws = [at(principal, "AWS") ?? []].flat().map(String);
  const foreign = aws.find((one) => one !== account && !one.startsWith(`arn:aws:iam::${account}:`));
  if (foreign !== undefined) return `${foreign} is not of this account`;
  return at(principal, "Service") === undefined || isBound(condition, account)
    ? undefined
    : "bind the service by aws:SourceArn or aws:SourceAccount";
};

export const ACCESS: ReadonlyArray<Rule> = [
  {
    sentence: "Every queue refuses requests without TLS",
    check: tlsOnly("aws_sqs_queue", "aws_sqs_queue_policy", "queue_url", /^sqs:\*$/),
  },
  {
    sentence: "Every topic refuses messages published without TLS",
    check: tlsOnly("aws_sns_topic", "aws_sns_topic_policy", "arn", /^sns:(\*|Publish)$/i),
  },
  {
    sentence: "Every bucket refuses requests without TLS",
    check: tlsOnly("aws_s3_bucket", "aws_s3_bucket_policy", "bucket", /^s3:\*$/, ["", "/*"]),
  },
  {
    sentence: "No queue, topic, bucket or key lets in strangers, or a service that acts for strangers",
    check: eachStatement(RESOURCE_POLICIES, (statement, { environment }) =>
      strangers(statement, environment.account_id),
    ),
  },
  {
    sentence: "No queue, topic or bucket lets anybody do everything",
    check: eachStatement(
      { aws_sqs_queue_policy: "policy", aws_sns_topic_policy: "policy", aws_s3_bucket_policy: "policy" },
      ({ effect, actions }) =>
        effect === "Allow" && actions.some((action) => action.includes("*")) ? "name its actions" : undefined,
    ),
  },
  {
    sentence: "No bucket shuts out everybody",
    check: eachStatement({ aws_s3_bucket_policy: "policy" }, (statement) =>
      statement.effect === "Deny" && isEverybody(statement) && Object.keys(statement.condition).length === 0
        ? "give the Deny a condition, or only the root user gets in"
        : undefined,
    ),
  },
  {
    sentence: "Every permission to invoke a function is a service's, for one resource of this stack",
    check: each("aws_lambda_permission", ({ attributes }) => {
      if (!String(attributes["principal"]).endsWith(".amazonaws.com")) return "name a service as principal";
      if (attributes["action"] !== "lambda:InvokeFunction") return "allow lambda:InvokeFunction alone";
      return String(attributes["source_arn"]).includes("${aws_") ? undefined : "set source_arn";
    }),
  },
  {
    sentence: "No function has an address of its own on the Internet",
    check: (stack) =>
      resources(stack, "aws_lambda_function_url").map(({ address }) => ({
        address,
        problem: "remove it: the API is the one way in",
      })),
  },
  {
    sentence: "No API may be called by the pages of any site",
    check: each("aws_apigatewayv2_api", ({ attributes }) =>
      JSON.stringify(at(attributes["cors_configuration"], "allow_origins") ?? []).includes("*")
        ? "name the origins in cors_configuration, or leave it out"
        : undefined,
    ),
  },
];
