import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as E from "fp-ts/Either";
import type { Activity } from "../../activity";
import { timeLimit } from "../../engine/runtime/inspector";
import type { ConfigOf, Declared, DeclaredStack } from "../catalog";
import type { Deployment } from "../../engine/stack/resource-type";
import {
  type AwsAnswer,
  type AwsCall,
  type Backend,
  type Headers,
  NO_ANSWER,
} from "../../engine/gateway/call";
import { ANONYMOUS, type Caller, type Keyring, userArn } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { AwsError } from "../../engine/gateway/errors";
import type { Gateway } from "../../engine/gateway/gateway";
import type { Metrics } from "../../engine/metrics";
import { bodyOf, headersOf, repeatedHeader, respond } from "../../engine/gateway/server";
import { type SignedRequest, verify } from "../../engine/iam/sigv4/verify";
import type { JsonObject } from "../../json";
import { StartError } from "../../start-error";
import { within } from "../../time-limit";
import { executeApi, readApi as readCall } from "./api";
import { answerOf, eventOf, gatewayAnswer, withRequestId } from "./event";
import { type Authorizer, jwtAuthorizer } from "./jwt";
import { type Match, router } from "./routes";
import { type TokenBucket, tokenBucket } from "./token-bucket";
import { invoke as invokeFunction } from "../lambda/invoke";
import { resources } from "./resources";

export const API_METRICS = { namespace: "AWS/ApiGateway", names: ["Count", "4xx", "5xx"] } as const;

/** API Gateway's limit for a request. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

/** Who may use a route: anybody, whoever signs with a key that may, or whoever holds a good token. */
type Authorization =
  | { readonly type: "NONE" }
  | { readonly type: "AWS_IAM" }
  | { readonly type: "JWT"; readonly authorizer: Authorizer; readonly scopes: ReadonlyArray<string> };

type Route = {
  readonly routeKey: string;
  readonly authorization: Authorization;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly throttle: TokenBucket | undefined;
};

type Stage = ConfigOf<typeof resources.aws_apigatewayv2_stage>;

const throttleOf = (stage: Stage | undefined, routeKey: string, shared: TokenBucket | undefined) => {
  const own = stage?.route_settings?.find((settings) => settings.route_key === routeKey);
  return own?.throttling_rate_limit === undefined
    ? shared
    : tokenBucket(own.throttling_rate_limit, own.throttling_burst_limit ?? own.throttling_rate_limit);
};

const readApi = (stack: DeclaredStack, address: string) => {
  const declared = stack(resources.aws_apigatewayv2_api).find((one) => one.address === address);
  if (declared === undefined) throw new StartError(`${address}: is not declared`);
  const id = declared.attribute("id");
  const mine = (one: { readonly config: { readonly api_id: string } }): boolean => one.config.api_id === id;
  const stage = stack(resources.aws_apigatewayv2_stage).find(mine)?.config;
  const { throttling_rate_limit: rate, throttling_burst_limit: burst } = stage?.default_route_settings ?? {};
  const shared = rate === undefined ? undefined : tokenBucket(rate, burst ?? rate);
  const integrations = new Map(
    stack(resources.aws_apigatewayv2_integration)
      .filter(mine)
      .map((one) => [`integrations/${one.attribute("id")}`, one.config]),
  );
  const authorizers = new Map(
    stack(resources.aws_apigatewayv2_authorizer)
      .filter(mine)
      .map((one) => [one.attribute("id"), jwtAuthorizer(one.config)]),
  );
  const authorizationOf = ({
    address: at,
    config,
  }: Declared<ConfigOf<typeof resources.aws_apigatewayv2_route>>): Authorization => {
    const type = config.authorization_type ?? "NONE";
    if (type !== "JWT") return { type };
    const authorizer = authorizers.get(config.authorizer_id ?? "");
    if (authorizer === undefined) throw new StartError(`${at}: authorizer_id: is no authorizer of its API`);
    return { type, authorizer, scopes: config.authorization_scopes ?? [] };
  };
  const routes = stack(resources.aws_apigatewayv2_route)
    .filter(mine)
    .map((route) => {
      const { address: at, config } = route;
      const integration = integrations.get(config.target);
      if (integration === undefined) throw new StartError(`${at}: target: is no integration of its API`);
      const value: Route = {
        routeKey: config.route_key,
        authorization: authorizationOf(route),
        functionArn: functionOf(integration.integration_uri),
        timeoutMs: timeLimit(integration.timeout_milliseconds ?? DEFAULT_TIMEOUT_MS),
        throttle: throttleOf(stage, config.route_key, shared),
      };
      return { routeKey: config.route_key, value };
    });
  return {
    id,
    executionArn: declared.attribute("execution_arn"),
    routes: routes.map(({ routeKey }) => routeKey),
    /** What its routes ask for; the strictest, where they differ. */
    authorization:
      (["JWT", "AWS_IAM"] as const).find((type) =>
        routes.some(({ value }) => value.authorization.type === type),
      ) ?? ("NONE" as const),
    find: router(routes),
  };
};
type Api = ReturnType<typeof readApi>;

/** A function's ARN, alone or inside its `invoke_arn`. */
const functionOf = (uri: string): string => /arn:aws:lambda:[^/]+/.exec(uri)?.[0] ?? uri;

const splitUrl = (url: string): readonly [string, string] => {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
};

const decodedPath = (path: string): string | undefined =>
  E.getOrElseW(() => undefined)(
    E.tryCatch(
      () => decodeURIComponent(path),
      () => undefined,
    ),
  );

/** What a function learns of the one who asks. */
const authorizerOf = (caller: Caller, account: string): JsonObject | undefined => {
  switch (caller.kind) {
    case "role":
    case "operator":
      return {
        iam: {
          accountId: account,
          callerId: account,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: userArn(caller, account),
          userId: account,
        },
      };
    case "bearer":
      return {
        jwt: { claims: caller.claims, scopes: caller.scopes.length === 0 ? null : [...caller.scopes] },
      };
    case "service":
    case "anonymous":
    case "platform":
      return undefined;
  }
};

/** What an HTTP API of the stack offers: its routes, and what they ask for. */
export const describeApi = (stack: DeclaredStack, address: string): Pick<Api, "routes" | "authorization"> =>
  readApi(stack, address);

/** One HTTP API of the stack: its routes, authorization, throttling and limits, and the functions behind them. */
export const httpApi = (
  stack: DeclaredStack,
  address: string,
  deployment: Deployment,
  parts: {
    readonly client: Client;
    readonly keyring: Keyring;
    readonly metrics: Metrics;
    /** Told what is wrong with the API itself, not with a request. */
    readonly complain: (what: string, text: string) => void;
  },
) => {
  const api = readApi(stack, address);

  const signer = (request: SignedRequest): E.Either<AwsAnswer, Caller> => {
    const verdict = verify(request, {
      credentialsOf: parts.keyring.credentialsWith,
      now: new Date(),
      region: deployment.region,
      services: ["execute-api"],
    });
    return verdict._tag === "Verified"
      ? E.right(parts.keyring.callerWith(verdict.accessKeyId))
      : E.left(gatewayAnswer.forbidden);
  };

  /** Who asks, or the answer for somebody who may not: a client is told no more than that. */
  const identify = async (
    { authorization, routeKey }: Route,
    request: SignedRequest & { readonly headers: Headers },
  ): Promise<E.Either<AwsAnswer, Caller>> => {
    switch (authorization.type) {
      case "NONE":
        return E.right(ANONYMOUS);
      case "AWS_IAM":
        return signer(request);
      case "JWT": {
        const bearer = await authorization.authorizer(request.headers, authorization.scopes);
        if (E.isRight(bearer)) return E.right({ kind: "bearer", ...bearer.right });
        const { _tag, problem } = bearer.left;
        if (_tag === "Unreachable") parts.complain(routeKey, problem);
        return E.left(
          {
            Unauthorized: gatewayAnswer.unauthorized,
            Forbidden: gatewayAnswer.forbidden,
            Unreachable: gatewayAnswer.failed,
          }[_tag],
        );
      }
    }
  };

  const invoke = async (
    call: AwsCall,
    path: string,
    found: Match & { readonly value: Route },
  ): Promise<AwsAnswer> => {
    const { routeKey, functionArn, timeoutMs } = found.value;
    const requestId = randomUUID();
    const event = eventOf({
      method: call.method,
      path,
      query: splitUrl(call.url)[1],
      headers: call.headers,
      body: call.body,
      pathParameters: found.pathParameters,
      routeKey,
      apiId: api.id,
      requestId,
      account: deployment.account,
      authorizer: authorizerOf(call.caller, deployment.account),
    });
    const [method = "", template = ""] = routeKey === "$default" ? ["*", "/*"] : routeKey.split(" ", 2);
    const sourceArn = `${api.executionArn}/$default/${method}${template}`;
    const caller: Caller = { kind: "service", principal: "apigateway.amazonaws.com", sourceArn };
    const answered = invokeFunction(parts.client, caller, functionArn, JSON.stringify(event)).then(
      ({ payload, failed }) => (failed ? gatewayAnswer.failed : answerOf(payload)),
      (error: unknown) =>
        error instanceof AwsError && error.status === 429
          ? gatewayAnswer.unavailable
          : error instanceof AwsError && error.status === 413
            ? gatewayAnswer.tooLarge
            : gatewayAnswer.failed,
    );
    return withRequestId(requestId, await within(timeoutMs, answered, gatewayAnswer.unavailable));
  };

  const backend: Backend = async (call) => {
    const path = decodedPath(splitUrl(call.url)[0]);
    if (path === undefined) return gatewayAnswer.badRequest;
    const found = api.find(call.method, path);
    return found === undefined ? gatewayAnswer.notFound : invoke(call, path, found);
  };

  /** Everything that is decided before a function is asked: path, throttle, size, signature. */
  const receive = async (request: IncomingMessage, gateway: Gateway): Promise<AwsAnswer> => {
    const { method = "GET", url = "/" } = request;
    const path = decodedPath(splitUrl(url)[0]);
    if (path === undefined || repeatedHeader(request) !== undefined) return gatewayAnswer.badRequest;
    const found = api.find(method, path);
    if (found === undefined) return gatewayAnswer.notFound;
    if (found.value.throttle?.take() === false) return gatewayAnswer.tooMany;
    const body = await bodyOf(request, MAX_BODY_BYTES);
    if (body === undefined) return gatewayAnswer.tooLarge;
    const headers = headersOf(request);
    const identified = await identify(found.value, { method, target: url, headers, payload: body });
    if (E.isLeft(identified)) return identified.left;
    const caller = identified.right;
    const { routeKey } = found.value;
    return gateway.handle({
      service: executeApi,
      operation: routeKey,
      asked: () =>
        readCall(
          { method, target: url, region: deployment.region, account: deployment.account },
          api.id,
          "$default",
        ),
      caller,
      method,
      url,
      headers,
      body,
    });
  };

  const count = (name: (typeof API_METRICS.names)[number], value: number): void =>
    parts.metrics.put({ namespace: API_METRICS.namespace, name, dimensions: { ApiId: api.id } }, value);

  return {
    backend,
    /** @param activity shows each request; without one they go unseen, as those of the stack's own parts */
    answer:
      (gateway: Gateway, activity: Activity | undefined) =>
      async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const started = performance.now();
        const answer = await receive(request, gateway);
        // What no function was asked for has an id of its own.
        const hasId = answer === NO_ANSWER || answer.headers["apigw-requestid"] !== undefined;
        respond(request, response, hasId ? answer : withRequestId(randomUUID(), answer));
        // An answer that is no error counts as none: the average is the share of errors.
        count("Count", 1);
        count("4xx", Number(answer.status >= 400 && answer.status < 500));
        count("5xx", Number(answer.status >= 500));
        activity?.request(
          request.method ?? "GET",
          request.url ?? "/",
          answer.status,
          performance.now() - started,
        );
      },
  };
};
