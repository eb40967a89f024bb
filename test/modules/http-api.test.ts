import { HttpApi, type HttpAuth } from "../../modules/http-api";
import { type Declared, declaredBy, parsed } from "../support/synth";
import { granted, makeFunction, only } from "./support";

describe("HttpApi", () => {
  const make = (auth: HttpAuth): Declared =>
    declaredBy((stack, bundle) => {
      const worker = makeFunction(stack, bundle);
      const route = { key: "GET /things/{id}", handler: worker } as const;
      const api = new HttpApi(stack, "api", {
        name: "test-api",
        auth,
        throttling: { rate: 10, burst: 20 },
        routes: [route],
        logRetentionDays: 30,
      });
      api.grantInvoke(makeFunction(stack, bundle, "caller"), route);
    });

  it.each([
    [{ type: "none" } as const, "NONE"],
    [{ type: "iam" } as const, "AWS_IAM"],
    [{ type: "jwt", issuer: "https://issuer.example", audience: ["orders"] } as const, "JWT"],
  ])("asks every route for %j", (auth, type) => {
    expect(only(make(auth), "aws_apigatewayv2_route")).toMatchObject({
      route_key: "GET /things/{id}",
      authorization_type: type,
    });
  });

  it("names the tokens' issuer and audience", () => {
    const declared = make({ type: "jwt", issuer: "https://issuer.example", audience: ["orders"] });
    expect(only(declared, "aws_apigatewayv2_authorizer")).toMatchObject({
      jwt_configuration: { issuer: "https://issuer.example", audience: ["orders"] },
    });
    expect(only(declared, "aws_apigatewayv2_route")).toHaveProperty("authorizer_id");
  });

  it.each([
    [{ type: "none" } as const, "-"],
    [{ type: "iam" } as const, "$context.identity.userArn"],
    [
      { type: "jwt", issuer: "https://issuer.example", audience: ["orders"] } as const,
      "$context.authorizer.claims.sub",
    ],
  ])("logs who called, for %j", (auth, caller) => {
    const stage = only(make(auth), "aws_apigatewayv2_stage") as { access_log_settings: { format: string } };
    expect(parsed(stage.access_log_settings.format)).toMatchObject({ caller });
  });

  it("throttles, logs each request as JSON, and lets in only its own route", () => {
    const declared = make({ type: "iam" });
    const stage = only(declared, "aws_apigatewayv2_stage") as { access_log_settings: { format: string } };
    expect(stage).toMatchObject({
      name: "$default",
      default_route_settings: { throttling_rate_limit: 10, throttling_burst_limit: 20 },
    });
    expect(parsed(stage.access_log_settings.format)).toHaveProperty("requestId");
    expect(only(declared, "aws_lambda_permission")["source_arn"]).toMatch(/\/\*\/GET\/things\/\{id\}$/);
    expect(granted(declared)["execute-api:Invoke"]).toMatch(/\/\$default\/GET\/things\/\*$/);
  });
});
