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
    only: { environments: ["prod"], why: "Elsewhere logs are about orders that are made up." },
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
    apart:
      "CKV_AWS_285 asks for the data of each step too. It would copy pages and announcements into a log that more people read than the bucket and the topic.",
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
    only: {
      environments: ["prod"],
      why: "An account's executions are few until it asks for more; elsewhere functions share them, and the queue's consumer is bounded by its mapping.",
    },
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
    only: {
      environments: "every deployed environment",
      why: "The local platform listens on loopback; `npm start -- --auth` asks for signatures or tokens there too.",
    },
    check: all(
      each("aws_apigatewayv2_route", ({ attributes }) => {
        if (attributes["authorization_type"] === "AWS_IAM") return undefined;
        return attributes["authorization_type"] === "JWT" &&
          String(attributes["authorizer_id"]).includes("${aws_apigatewayv2_authorizer.")
          ? undefined
          : "set authorization_type to AWS_IAM, or to JWT with an authorizer of this stack";
      }),
      // An API with a target of its own has a route for everything, which asks nobody.
      each("aws_apigatewayv2_api", ({ attributes }) =>
        attributes["target"] === undefined && attributes["body"] === undefined
          ? undefined
          : "declare its routes, each with its authorization, instead of a target or body",
      ),
    ),
  },
  {
    sentence: "Every API is throttled and logs each request, whatever the stage and route",
    checkov: ["CKV_AWS_76"],
    trivy: ["AWS-0001"],
    check: all(
      each("aws_apigatewayv2_api", (api, stack) =>
        companion(stack, api, "aws_apigatewayv2_stage", "api_id") === undefined
          ? "give it an aws_apigatewayv2_stage"
          : undefined,
      ),
      each("aws_apigatewayv2_stage", ({ attributes }) => {
        const limits = ["throttling_rate_limit", "throttling_burst_limit"];
        if (!limits.every((limit) => Number(at(attributes, `default_route_settings.${limit}`)) > 0))
          return "throttle it by its default_route_settings";
        if (attributes["route_settings"] !== undefined) return "throttle its routes all alike";
        return String(at(attributes, "access_log_settings.destination_arn")).includes(
          "${aws_cloudwatch_log_group.",
        )
          ? undefined
          : "give it access_log_settings with a log group of this stack";
      }),
    ),
  },
  {
    sentence: "Every function runs the bundle of this stack, and nothing besides",
    check: each("aws_lambda_function", ({ attributes }) => {
      if (
        !String(attributes["filename"]).startsWith("assets/") ||
        attributes["source_code_hash"] === undefined
      )
        return "attach its bundle as a file, with its digest";
      const besides = ["layers", "image_uri", "s3_bucket"].find((name) => attributes[name] !== undefined);
      return besides === undefined ? undefined : `remove ${besides}: nobody has reviewed what is there`;
    }),
  },
];
