import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { Construct } from "constructs";
import type { Function } from "./function";
import { LogGroup } from "./log-group";
import type { Grantee } from "./role";

/** Who may call: permitted AWS principals who sign, holders of a token of the issuer, or anyone. */
export type HttpAuth =
  | { readonly type: "iam" }
  | { readonly type: "jwt"; readonly issuer: string; readonly audience: ReadonlyArray<string> }
  | { readonly type: "none" };

export type HttpRoute = {
  /** E.g. `GET /orders/{order_id}`. */
  readonly key: `${"GET" | "POST" | "DELETE"} /${string}`;
  readonly handler: Function;
};

export type HttpApiProps = {
  readonly name: string;
  readonly auth: HttpAuth;
  /** Requests a second, and how many above that at once; more are answered 429. */
  readonly throttling: { readonly rate: number; readonly burst: number };
  readonly routes: ReadonlyArray<HttpRoute>;
  readonly logRetentionDays: number;
};

/** Who called: the signer of the request, or the subject of its token. */
const CALLER: Readonly<Record<HttpAuth["type"], string>> = {
  iam: "$context.identity.userArn",
  jwt: "$context.authorizer.claims.sub",
  none: "-",
};

const accessLog = (auth: HttpAuth): string =>
  JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    ip: "$context.identity.sourceIp",
    route: "$context.routeKey",
    status: "$context.status",
    bytes: "$context.responseLength",
    ms: "$context.responseLatency",
    caller: CALLER[auth.type],
    error: "$context.error.message",
    integrationError: "$context.integrationErrorMessage",
  });

/** `POST /orders` → `post-orders`: stays the same when routes are added or reordered. */
const routeId = ({ key }: HttpRoute): string =>
  key
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "-")
    .replace(/-$/, "");

/** As a permission names the requests of a route. */
const requestsOf = ({ key }: Pick<HttpRoute, "key">): string => key.replace(" ", "");

/** An HTTP API (API Gateway v2) with its routes, one stage that deploys by itself, throttling and access logs. */
export class HttpApi extends Construct {
  readonly id: string;
  readonly endpoint: string;
  private readonly executionArn: string;

  constructor(
    scope: Construct,
    id: string,
    { name, auth, throttling, routes, logRetentionDays }: HttpApiProps,
  ) {
    super(scope, id);
    const api = new Apigatewayv2Api(this, "this", { name, protocolType: "HTTP" });
    this.id = api.id;
    this.endpoint = api.apiEndpoint;
    this.executionArn = api.executionArn;

    const authorization = this.authorization(name, auth);
    const integrations = new Map<Function, Apigatewayv2Integration>();
    for (const route of routes) {
      const integration = integrations.get(route.handler) ?? this.integrate(route.handler);
      integrations.set(route.handler, integration);
      new Apigatewayv2Route(this, routeId(route), {
        apiId: this.id,
        routeKey: route.key,
        target: `integrations/${integration.id}`,
        ...authorization,
      });
      route.handler.allowInvocation(
        `${id}-${routeId(route)}`,
        "apigateway.amazonaws.com",
        `${this.executionArn}/*/${requestsOf(route)}`,
      );
    }

    const logs = new LogGroup(this, "logs", {
      // Under this prefix a group needs no entry of its own in the account's one policy of log deliveries, whose
      // length is limited.
      name: `/aws/vendedlogs/apigateway/${name}`,
      retentionDays: logRetentionDays,
    });
    new Apigatewayv2Stage(this, "stage", {
      apiId: this.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: logs.arn, format: accessLog(auth) },
      defaultRouteSettings: {
        throttlingRateLimit: throttling.rate,
        throttlingBurstLimit: throttling.burst,
        detailedMetricsEnabled: true,
      },
    });
  }

  private authorization(
    name: string,
    auth: HttpAuth,
  ): { readonly authorizationType: string; readonly authorizerId?: string } {
    switch (auth.type) {
      case "none":
        return { authorizationType: "NONE" };
      case "iam":
        return { authorizationType: "AWS_IAM" };
      case "jwt": {
        const authorizer = new Apigatewayv2Authorizer(this, "authorizer", {
          apiId: this.id,
          name,
          authorizerType: "JWT",
          identitySources: ["$request.header.Authorization"],
          jwtConfiguration: { issuer: auth.issuer, audience: [...auth.audience] },
        });
        return { authorizationType: "JWT", authorizerId: authorizer.id };
      }
    }
  }

  private integrate(handler: Function): Apigatewayv2Integration {
    return new Apigatewayv2Integration(this, handler.node.id, {
      apiId: this.id,
      integrationType: "AWS_PROXY",
      integrationUri: handler.arn,
      payloadFormatVersion: "2.0",
    });
  }

  /** Lets a role call one route of an API with `iam` auth, whatever stands for the parameters of its path. */
  grantInvoke({ role }: Grantee, route: Pick<HttpRoute, "key">): void {
    role.grant(`${this.node.id}-${route.key.replace(/ .*/, "").toLowerCase()}`, {
      actions: ["execute-api:Invoke"],
      resources: [`${this.executionArn}/$default/${requestsOf(route).replaceAll(/\{[^}]+\}/g, "*")}`],
    });
  }
}
