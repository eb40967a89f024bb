import { all, at, companion, each, has, type Rule } from "./rule";

export const RUNNING: ReadonlyArray<Rule> = [
  {
    sentence: "Every log is kept for a stated time",
    checkov: ["CKV_AWS_66"],
    check: each("aws_cloudwatch_log_group", ({ attributes }) =>
      Number(attributes["retention_in_days"]) > 0 ? undefined : "set retention_in_days",
    ),
  },
  {
    sentence: "Every log of prod is kept for a year",
    checkov: ["CKV_AWS_338"],
    only: ["prod"],
    check: each("aws_cloudwatch_log_group", ({ attributes }) =>
      Number(attributes["retention_in_days"]) >= 365 ? undefined : "set retention_in_days to 365 or more",
    ),
  },
  {
    sentence: "Every function is traced, and logs JSON to a group of this stack",
    checkov: ["CKV_AWS_50"],
    trivy: ["AWS-0066"],
    check: all(
      has(["aws_lambda_function"], { "tracing_config.mode": "Active", "logging_config.log_format": "JSON" }),
      each("aws_lambda_function", ({ attributes }) =>
        String(at(attributes, "logging_config.log_group")).includes("${aws_cloudwatch_log_group.")
          ? undefined
          : "set logging_config.log_group to a group of this stack",
      ),
    ),
  },
  {
    sentence: "Every state machine is traced and logs each step, without the orders in it",
    checkov: ["CKV_AWS_284", "CKV_AWS_285"],
    check: has(["aws_sfn_state_machine"], {
      "tracing_configuration.enabled": true,
      "logging_configuration.level": "ALL",
      "logging_configuration.include_execution_data": false,
    }),
  },
  {
    sentence: "Every function runs on a runtime AWS still patches",
    checkov: ["CKV_AWS_363"],
    check: has(["aws_lambda_function"], { runtime: "nodejs22.x" }),
  },
  {
    sentence: "Every function of prod has executions kept for it, and takes none of the others'",
    checkov: ["CKV_AWS_115"],
    only: ["prod"],
    check: each("aws_lambda_function", ({ attributes }) =>
      Number(attributes["reserved_concurrent_executions"]) > 0
        ? undefined
        : "set its concurrency in the environment file",
    ),
  },
  {
    sentence: "Every route of an API asks who it is",
    checkov: ["CKV_AWS_309"],
    trivy: ["AWS-0004"],
    only: ["dev", "staging", "prod"],
    check: each("aws_apigatewayv2_route", ({ attributes }) =>
      ["AWS_IAM", "JWT"].includes(String(attributes["authorization_type"]))
        ? undefined
        : "set authorization_type to AWS_IAM or JWT",
    ),
  },
  {
    sentence: "Every API is throttled and logs each request",
    checkov: ["CKV_AWS_76"],
    trivy: ["AWS-0001"],
    check: each("aws_apigatewayv2_api", (api, stack) => {
      const stage = companion(stack, api, "aws_apigatewayv2_stage", "api_id")?.attributes;
      if (!(Number(at(stage, "default_route_settings.throttling_rate_limit")) > 0))
        return "throttle its stage";
      return at(stage, "access_log_settings.destination_arn") === undefined
        ? "give its stage access_log_settings"
        : undefined;
    }),
  },
];
