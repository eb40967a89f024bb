import { eventOf, answerOf } from "../../../local/services/execute-api/event";
import { router } from "../../../local/services/execute-api/routes";
import { tokenBucket } from "../../../local/services/execute-api/token-bucket";
import { makeActivity } from "../../../local/activity";

describe("routes of an HTTP API", () => {
  const find = router(
    ["GET /orders", "GET /orders/{order_id}", "GET /orders/newest", "ANY /files/{path+}", "POST /orders"].map(
      (routeKey) => ({ routeKey, value: routeKey }),
    ),
  );
  it.each([
    ["GET", "/orders", "GET /orders", {}],
    ["POST", "/orders", "POST /orders", {}],
    ["GET", "/orders/7", "GET /orders/{order_id}", { order_id: "7" }],
    ["GET", "/orders/newest", "GET /orders/newest", {}],
    ["PUT", "/files/a/b", "ANY /files/{path+}", { path: "a/b" }],
  ])("%s %s", (method, path, value, pathParameters) => {
    expect(find(method, path)).toEqual({ value, pathParameters });
  });
  it.each([
    ["DELETE", "/orders"],
    ["GET", "/orders/"],
    ["GET", "/orders/7/items"],
    ["GET", "/"],
  ])("%s %s has none", (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });
  it("falls back to $default", () => {
    expect(router([{ routeKey: "$default", value: 1 }])("GET", "/x")).toEqual({
      value: 1,
      pathParameters: {},
    });
  });
});

describe("a request as a function sees it", () => {
  const source = {
    method: "POST",
    path: "/orders",
    query: "a=1&a=2&b=x%20y",
    headers: { "content-type": "application/json; charset=utf-8", cookie: "s=1; t=2", host: "localhost" },
    body: Buffer.from('{"a":"ü"}'),
    pathParameters: {},
    routeKey: "POST /orders",
    apiId: "api",
    requestId: "request-1",
    account: "000000000000",
    authorizer: undefined,
  };
  it("has the query's values joined, cookies apart and a text body", () => {
    expect(eventOf(source)).toMatchObject({
      version: "2.0",
      rawQueryString: "a=1&a=2&b=x%20y",
      queryStringParameters: { a: "1,2", b: "x y" },
      cookies: ["s=1", "t=2"],
      body: '{"a":"ü"}',
      isBase64Encoded: false,
    });
    expect(eventOf(source)["headers"]).not.toHaveProperty("cookie");
  });
  it("has other bodies in Base64, and none where there is none", () => {
    const binary = eventOf({ ...source, headers: { "content-type": "application/octet-stream" } });
    expect(binary).toMatchObject({ body: source.body.toString("base64"), isBase64Encoded: true });
    expect(eventOf({ ...source, body: Buffer.alloc(0) })).not.toHaveProperty("body");
  });
  it.each([
    ["text/plain", true],
    ["text/csv; charset=utf-8", true],
    ["Application/JSON", true],
    ["application/xml", true],
    ["application/json; charset=iso-8859-1", false],
    ["application/problem+json", false],
    ["application/x-www-form-urlencoded", false],
    ["application/jsonp", false],
    [undefined, false],
  ])("has a body of type %s as text: %s", (contentType, asText) => {
    const headers = {
      host: "localhost",
      ...(contentType === undefined ? {} : { "content-type": contentType }),
    };
    expect(eventOf({ ...source, headers })).toMatchObject({
      body: source.body.toString(asText ? "utf8" : "base64"),
      isBase64Encoded: !asText,
    });
  });
  it("has a body that is not the UTF-8 it is said to be in Base64, byte for byte", () => {
    const latin1 = Buffer.from('{"product":"Café"}', "latin1");
    expect(eventOf({ ...source, body: latin1 })).toMatchObject({
      body: latin1.toString("base64"),
      isBase64Encoded: true,
    });
  });
  it("has parameters of any name", () => {
    const { queryStringParameters } = eventOf({ ...source, query: "__proto__=1&__proto__=2&constructor=3" });
    expect(JSON.stringify(queryStringParameters)).toBe('{"__proto__":"1,2","constructor":"3"}');
  });
});

describe("what a function answers", () => {
  it.each([
    ['{"statusCode":201,"headers":{"X-A":1},"body":"b"}', 201, "b"],
    ['{"statusCode":200,"body":"Yg==","isBase64Encoded":true}', 200, "b"],
    ['{"any":"thing"}', 200, '{"any":"thing"}'],
    ['{"statusCode":"many"}', 500, '{"message":"Internal Server Error"}'],
    ['{"statusCode":200,"body":{}}', 500, '{"message":"Internal Server Error"}'],
  ])("%s", (payload, status, body) => {
    const answer = answerOf(payload);
    expect([answer.status, answer.body.toString()]).toEqual([status, body]);
  });
});

describe("throttling", () => {
  it("lets a burst through, then as many a second as declared", () => {
    let now = 0;
    const bucket = tokenBucket(10, 3, () => now);
    const taken = (times: number): number =>
      Array.from({ length: times }, () => bucket.take()).filter(Boolean).length;
    expect(taken(5)).toBe(3);
    now += 250;
    expect(taken(5)).toBe(2);
    now += 60_000;
    expect(taken(9)).toBe(3);
  });
});

describe("activity", () => {
  it("is one line for each thing, whatever the texts of others hold", () => {
    const lines: string[] = [];
    makeActivity((line) => lines.push(line), false).notification("a\nb\u001b[31mc\r\u2028d");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {2}notify +a b \[31mc d$/);
  });
});
