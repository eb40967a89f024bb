import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import type { AwsService } from "../../engine/service";
import type { Entry } from "../../engine/stack/resource-type";
import { jsonWire } from "../../engine/wire/protocol";
import { notServed, readRest, restOperation } from "../../engine/wire/rest";
import type { Json, JsonObject } from "../../json";
import type { Declared, DeclaredStack } from "../catalog";
import { resources } from "../execute-api/resources";

const OPERATIONS = [
  { name: "GetApis", path: /^\/v2\/apis\/?$/ },
  { name: "GetApi", path: /^\/v2\/apis\/([^/]+)$/ },
  { name: "GetRoutes", path: /^\/v2\/apis\/([^/]+)\/routes$/ },
  { name: "GetStages", path: /^\/v2\/apis\/([^/]+)\/stages$/ },
  { name: "GetIntegrations", path: /^\/v2\/apis\/([^/]+)\/integrations$/ },
  { name: "GetAuthorizers", path: /^\/v2\/apis\/([^/]+)\/authorizers$/ },
];

/** API Gateway's control plane; its APIs themselves are execute-api. */
export const apiGateway: AwsService = {
  name: "apigateway",
  read: readRest(OPERATIONS, () => "apigateway:GET"),
  wire: jsonWire(403, {
    protocol: "rest-json",
    throttled: [429, "TooManyRequestsException"],
    unavailable: [503, "ServiceUnavailableException"],
    unknownOperation: [404, "UnknownOperationException"],
  }),
};

const items = (values: ReadonlyArray<Json>): JsonObject => ({ items: values });

type Api = JsonObject & { readonly apiId: string };

/** The part of API Gateway's API that looks at HTTP APIs, as they are declared. */
export const apiGatewayBackend = (stack: DeclaredStack): Backend => {
  const apis: ReadonlyArray<Api> = stack(resources.aws_apigatewayv2_api).map(({ config, attribute }) => ({
    apiId: attribute("id"),
    name: config.name,
    protocolType: config.protocol_type,
    apiEndpoint: attribute("api_endpoint"),
    routeSelectionExpression: "$request.method $request.path",
  }));
  /** What is declared of one API. */
  const of =
    <A extends { readonly api_id: string }>(type: Entry<A>, shown: (one: Declared<A>) => Json) =>
    ({ apiId }: Api): JsonObject =>
      items(
        stack(type)
          .filter(({ config }) => config.api_id === apiId)
          .map(shown),
      );
  const answers: Readonly<Record<string, (api: Api) => JsonObject>> = {
    GetApi: (api) => api,
    GetRoutes: of(resources.aws_apigatewayv2_route, ({ config, attribute }) => ({
      routeId: attribute("id"),
      routeKey: config.route_key,
      target: config.target,
      authorizationType: config.authorization_type ?? "NONE",
    })),
    GetStages: of(
      resources.aws_apigatewayv2_stage,
      ({ config: { name, default_route_settings: limits } }) => ({
        stageName: name,
        autoDeploy: true,
        defaultRouteSettings: {
          throttlingBurstLimit: limits?.throttling_burst_limit ?? null,
          throttlingRateLimit: limits?.throttling_rate_limit ?? null,
        },
      }),
    ),
    GetIntegrations: of(resources.aws_apigatewayv2_integration, ({ config, attribute }) => ({
      integrationId: attribute("id"),
      integrationType: config.integration_type,
      integrationUri: config.integration_uri,
      payloadFormatVersion: config.payload_format_version,
    })),
    GetAuthorizers: of(resources.aws_apigatewayv2_authorizer, ({ config, attribute }) => ({
      authorizerId: attribute("id"),
      authorizerType: config.authorizer_type,
      jwtConfiguration: {
        issuer: config.jwt_configuration.issuer,
        audience: [...config.jwt_configuration.audience],
      },
    })),
  };
  return ({ method, url }) => {
    const { name = "", names = [] } = restOperation(OPERATIONS, method, url) ?? {};
    if (name === "GetApis") return Promise.resolve(jsonAnswer(items(apis), "application/json"));
    const answer = answers[name];
    if (answer === undefined) throw notServed(apiGateway, method, url);
    const api = apis.find(({ apiId }) => apiId === names[0]);
    if (api === undefined)
      throw new AwsError("NotFoundException", `Invalid API identifier specified ${names[0] ?? ""}`, 404);
    return Promise.resolve(jsonAnswer(answer(api), "application/json"));
  };
};
