import { all, at, companion, each, has, type Rule } from "./rule";

export const RUNNING: ReadonlyArray<Rule> = [
  {
    sentence: "Every function logs JSON to a group of this stack",
    check: all(
      has(["aws_lambda_function"], { "logging_config.log_format": "JSON" }),
      each("aws_lambda_function", ({ attributes }) =>
        String(at(attributes, "logging_config.log_group")).includes("${aws_cloudwatch_log_group.")
          ? undefined
          : "set logging_config.log_group to a group of this stack",
      ),
    ),
  },
  {
    sentence: "Every state machine is traced and logs each step, without the orders in it",
    check: has(["aws_sfn_state_machine"], {
      "tracing_configuration.enabled": true,
      "logging_configuration.level": "ALL",
      "logging_configuration.include_execution_data": false,
    }),
  },
  {
    sentence: "Every route of an API asks who it is",
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
    sentence: "Every API is throttled, whatever the stage and route",
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
        return attributes["route_settings"] === undefined ? undefined : "throttle its routes all alike";
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
