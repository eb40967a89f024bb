import * as t from "io-ts";
import { entry, identifier, METADATA } from "../../engine/stack/resource-type";
import { block, many, number, one, oneOf } from "../../engine/stack/block";
import { arn } from "../../engine/location";

const throttling = { throttling_burst_limit: number, throttling_rate_limit: number };
const ROUTE_METRICS = {
  detailed_metrics_enabled: "no metrics are collected locally",
  data_trace_enabled: "requests are printed as they happen",
  logging_level: "requests are printed as they happen",
};
const inBlock = (name: string, reasons: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(reasons).map(([attribute, reason]) => [`${name}.${attribute}`, reason]));

/** HTTP APIs. */
export const resources = {
  aws_apigatewayv2_api: entry(
    block({ name: t.string, protocol_type: oneOf("HTTP") }, {}),
    {
      description: METADATA,
      disable_execute_api_endpoint: "there is no other endpoint locally",
      ip_address_type: "it listens on loopback",
    },
    ({ address, config }, deployment) => ({
      id: identifier(address),
      name: config.name,
      api_endpoint: deployment.apiUrl(address),
      arn: `arn:aws:apigateway:${deployment.region}::/apis/${identifier(address)}`,
      execution_arn: arn("execute-api", deployment, identifier(address)),
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
