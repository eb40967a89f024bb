import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { callerOf } from "../../../functions/http/caller";
import { apiRequest } from "../../support/invocation";

const sentBy = (authorizer?: object): string => {
  const request: APIGatewayProxyEventV2 = apiRequest("POST", "/orders");
  const context = { ...request.requestContext, ...(authorizer === undefined ? {} : { authorizer }) };
  return callerOf({ ...request, requestContext: context });
};

const SESSION = "arn:aws:sts::111111111111:assumed-role/desk/jo@example.org";

describe("who sent a request", () => {
  it.each([
    ["the signer", { iam: { userArn: SESSION, accountId: "111111111111" } }, SESSION],
    ["the subject of a token", { jwt: { claims: { sub: "desk-7", aud: "orders" }, scopes: null } }, "desk-7"],
    ["nobody known, where a token has no subject", { jwt: { claims: {}, scopes: null } }, "unknown"],
    ["local, where the API asks for neither", undefined, "local"],
  ])("is %s", (_, authorizer, name) => {
    expect(sentBy(authorizer)).toBe(name);
  });

  it("is told in one line of at most 256 characters", () => {
    expect(sentBy({ jwt: { claims: { sub: "a\nb\u202ec" } } })).toBe("a b\ufffdc");
    const long = sentBy({ jwt: { claims: { sub: "😀".repeat(1_000) } } });
    expect(long.length).toBeLessThanOrEqual(256);
    expect(long).toMatch(/^(😀)+…$/u);
  });
});
