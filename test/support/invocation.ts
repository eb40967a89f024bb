import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { LambdaContext } from "../../functions/edge/invocation";

/** What Lambda tells a function of an invocation that has half a minute. */
export const context = (): LambdaContext => ({
  functionName: "test",
  awsRequestId: "invocation-1",
  getRemainingTimeInMillis: () => 30_000,
});

/** A request as the HTTP API passes it to a function. */
export const apiRequest = (method: string, path: string): APIGatewayProxyEventV2 => ({
  version: "2.0",
  routeKey: `${method} ${path}`,
  rawPath: path,
  rawQueryString: "",
  headers: {},
  isBase64Encoded: false,
  requestContext: {
    accountId: "000000000000",
    apiId: "api",
    domainName: "localhost",
    domainPrefix: "api",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
    requestId: "request-1",
    routeKey: `${method} ${path}`,
    stage: "$default",
    time: "01/Jan/2026:00:00:00 +0000",
    timeEpoch: 1_767_225_600_000,
  },
});
