import * as t from "io-ts";
import { block, flag, many, number, one, oneOf } from "../../engine/stack/block";
import { arn, entry, FILES, identifier, METADATA } from "../../engine/catalog/entry";

const TRACING = "nothing is traced locally";
const destination = one(block({ destination: t.string }, {}));

export const compute = {
  aws_lambda_function: entry(
    block(
      {
        function_name: t.string,
        role: t.string,
        handler: t.string,
        filename: t.string,
        runtime: oneOf("nodejs22.x"),
      },
      {
        timeout: number,
        memory_size: number,
        reserved_concurrent_executions: number,
        environment: one(block({ variables: t.record(t.string, t.string) }, {})),
        dead_letter_config: one(block({ target_arn: t.string }, {})),
        package_type: oneOf("Zip"),
      },
    ),
    {
      source_code_hash: "the bundle itself is run",
      architectures: "JavaScript runs on this machine's processor",
      description: METADATA,
      ephemeral_storage: "/tmp is this machine's",
      tracing_config: TRACING,
      logging_config: "logs are files in the data folder, complete",
      publish: "there is one version",
      kms_key_arn: FILES,
    },
    ({ config }, place) => {
      const own = arn(place, "lambda", `function:${config.function_name}`);
      return {
        id: config.function_name,
        arn: own,
        qualified_arn: `${own}:$LATEST`,
        version: "$LATEST",
        invoke_arn: `arn:aws:apigateway:${place.region}:lambda:path/2015-03-31/functions/${own}/invocations`,
      };
    },
  ),
  aws_lambda_event_source_mapping: entry(
    block(
      { event_source_arn: t.string, function_name: t.string },
      {
        batch_size: number,
        maximum_batching_window_in_seconds: number,
        enabled: flag,
        function_response_types: t.readonlyArray(oneOf("ReportBatchItemFailures")),
        scaling_config: one(block({ maximum_concurrency: number }, {})),
      },
    ),
    { metrics_config: "no metrics are collected locally" },
    ({ address }) => ({ id: identifier(address), uuid: identifier(address) }),
  ),
  aws_lambda_function_event_invoke_config: entry(
    block(
      { function_name: t.string },
      {
        maximum_retry_attempts: number,
        maximum_event_age_in_seconds: number,
        destination_config: one(block({}, { on_failure: destination, on_success: destination })),
      },
    ),
    { qualifier: "there is one version" },
  ),
  aws_sfn_state_machine: entry(
    block({ name: t.string, role_arn: t.string, definition: t.string }, { type: oneOf("STANDARD") }),
    {
      logging_configuration: "steps are printed as they happen",
      tracing_configuration: TRACING,
      encryption_configuration: FILES,
      publish: "there is one version",
    },
    ({ config }, place) => {
      const own = arn(place, "states", `stateMachine:${config.name}`);
      return { id: own, arn: own };
    },
  ),
  aws_scheduler_schedule: entry(
    block(
      {
        schedule_expression: t.string,
        target: one(
          block(
            { arn: t.string, role_arn: t.string },
            { input: t.string, retry_policy: t.unknown, dead_letter_config: t.unknown },
          ),
        ),
      },
      {
        name: t.string,
        group_name: t.string,
        schedule_expression_timezone: t.string,
        state: oneOf("ENABLED", "DISABLED"),
      },
    ),
    {
      description: METADATA,
      flexible_time_window: "a local schedule is on time",
      kms_key_arn: FILES,
      "target.retry_policy": "handing over to a local function or machine does not fail",
      "target.dead_letter_config": "handing over to a local function or machine does not fail",
    },
    ({ address, config }, place) => {
      const name = config.name ?? identifier(address);
      return {
        id: `${config.group_name ?? "default"}/${name}`,
        name,
        arn: arn(place, "scheduler", `schedule/${config.group_name ?? "default"}/${name}`),
      };
    },
  ),
  aws_scheduler_schedule_group: entry(block({ name: t.string }, {}), {}, ({ config }, place) => ({
    id: config.name,
    arn: arn(place, "scheduler", `schedule-group/${config.name}`),
  })),
};

const throttling = { throttling_burst_limit: number, throttling_rate_limit: number };
const ROUTE_METRICS = {
  detailed_metrics_enabled: "no metrics are collected locally",
  data_trace_enabled: "requests are printed as they happen",
  logging_level: "requests are printed as they happen",
};
const inBlock = (name: string, reasons: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(reasons).map(([attribute, reason]) => [`${name}.${attribute}`, reason]));

export const http = {
  aws_apigatewayv2_api: entry(
    block({ name: t.string, protocol_type: oneOf("HTTP") }, {}),
    {
      description: METADATA,
      disable_execute_api_endpoint: "there is no other endpoint locally",
      ip_address_type: "it listens on loopback",
    },
    ({ address, config }, place) => ({
      id: identifier(address),
      name: config.name,
      api_endpoint: place.apiUrl(address),
      arn: `arn:aws:apigateway:${place.region}::/apis/${identifier(address)}`,
      execution_arn: arn(place, "execute-api", identifier(address)),
    }),
  ),
  aws_apigatewayv2_stage: entry(
    block(
      { api_id: t.string, name: oneOf("$default") },
      {
        default_route_settings: one(block({}, throttling)),
        route_settings: many(block({ route_key: t.string }, throttling)),
      },
    ),
    {
      auto_deploy: "what is declared is what runs",
      deployment_id: "what is declared is what runs",
      description: METADATA,
      access_log_settings: "requests are printed as they happen",
      ...inBlock("default_route_settings", ROUTE_METRICS),
      ...inBlock("route_settings", ROUTE_METRICS),
    },
    ({ address, config }) => ({ id: config.name, invoke_url: address }),
  ),
  aws_apigatewayv2_integration: entry(
    block(
      {
        api_id: t.string,
        integration_type: oneOf("AWS_PROXY"),
        integration_uri: t.string,
        payload_format_version: oneOf("2.0"),
      },
      { timeout_milliseconds: number },
    ),
    {
      integration_method: "a function is invoked, not requested",
      connection_type: "everything is on this machine",
      description: METADATA,
    },
    ({ address }) => ({ id: identifier(address) }),
  ),
  aws_apigatewayv2_authorizer: entry(
    block(
      {
        api_id: t.string,
        authorizer_type: oneOf("JWT"),
        identity_sources: t.readonlyArray(oneOf("$request.header.Authorization")),
        jwt_configuration: one(block({ issuer: t.string, audience: t.readonlyArray(t.string) }, {})),
      },
      {},
    ),
    { name: METADATA },
    ({ address }) => ({ id: identifier(address) }),
  ),
  aws_apigatewayv2_route: entry(
    block(
      { api_id: t.string, route_key: t.string, target: t.string },
      {
        authorization_type: oneOf("NONE", "AWS_IAM", "JWT"),
        authorizer_id: t.string,
        authorization_scopes: t.readonlyArray(t.string),
      },
    ),
    { operation_name: METADATA },
    ({ address }) => ({ id: identifier(address) }),
  ),
};
