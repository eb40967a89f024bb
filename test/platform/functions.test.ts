import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { httpApi, lambda, role } from "./support/fixture";
import { recordings, runStack, type RunningStack } from "./support/running-stack";
import { until } from "./support/until";

const recorded = recordings();
const OK = `exports.handler = async () => ({ statusCode: 200, body: "ok" });`;

let stack: RunningStack;
let functions: LambdaClient;

beforeAll(async () => {
  stack = await runStack([
    lambda(
      "echo",
      `exports.handler = async (event, context) => ({ event, function: context.functionName, left: context.getRemainingTimeInMillis() });`,
      { timeout: 5 },
    ),
    lambda("environment", `exports.handler = async () => process.env;`, {
      environment: { variables: { GREETING: "hello" } },
    }),
    lambda(
      "failing",
      `class OddError extends Error { name = "OddError" }; exports.handler = async () => { throw new OddError("odd"); };`,
    ),
    lambda(
      "slow",
      `let calls = 0; exports.handler = async () => { calls += 1; if (calls === 1) await new Promise(() => {}); return { calls }; };`,
      { timeout: 1 },
    ),
    lambda("busy", `exports.handler = async () => { for (;;); };`, { timeout: 1 }),
    lambda("exiting", `exports.handler = async () => process.exit(3);`),
    lambda(
      "greedy",
      `const kept = []; exports.handler = async () => { for (;;) kept.push(new Array(1e6).fill(kept.length)); };`,
      { memory_size: 64, timeout: 20 },
    ),
    lambda(
      "one-at-a-time",
      `exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 300));`,
      { reserved_concurrent_executions: 1 },
    ),
    lambda(
      "loud",
      `console.log("plain"); console.log(JSON.stringify({ level: "error", event: "it broke" })); exports.handler = async () => null;`,
    ),
    lambda(
      "reader",
      `${recorded.source} exports.handler = async () => record("credentials", process.env.AWS_ACCESS_KEY_ID);`,
    ),
    lambda("ok", OK),
    httpApi(
      {
        "POST /echo": { target: "echo" },
        "GET /items/{id}": { target: "echo" },
        "GET /failing": { target: "failing" },
        "GET /throttled": { target: "ok" },
        "GET /signed": { target: "ok", authorization: "AWS_IAM" },
      },
      {
        route_settings: [
          { route_key: "GET /throttled", throttling_rate_limit: 0.01, throttling_burst_limit: 2 },
        ],
      },
    ),
    role("keeper"),
    {
      aws_iam_role_policy: {
        secret: {
          role: "keeper",
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: "ssm:GetParameter",
                Resource: [
                  "arn:aws:ssm:eu-central-1:000000000000:parameter/app/key",
                  "arn:aws:ssm:eu-central-1:000000000000:parameter/app/webhook",
                ],
              },
            ],
          }),
        },
      },
    },
  ]);
  functions = new LambdaClient(stack.client);
});
afterAll(async () => {
  await stack.stop();
});

const invoke = async (FunctionName: string, payload: unknown = {}) => {
  const { Payload, FunctionError, StatusCode } = await functions.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  return { answer, FunctionError, StatusCode };
};

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${stack.apiUrl ?? ""}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

describe("a function", () => {
  it("gets its event and context", async () => {
    const { answer } = await invoke("echo", { a: [1] });
    expect(answer).toMatchObject({ event: { a: [1] }, function: "echo" });
    expect(answer).toHaveProperty("left", expect.any(Number));
  });

  it("has the declared environment, what Lambda sets, and nothing of this machine's", async () => {
    const { answer } = await invoke("environment");
    expect(answer).toMatchObject({
      GREETING: "hello",
      AWS_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "environment",
      AWS_ENDPOINT_URL: stack.awsUrl,
    });
    expect(answer).not.toHaveProperty("PATH");
    expect(answer).not.toHaveProperty("HOME");
    expect(answer).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SESSION_TOKEN: expect.any(String),
    });
  });

  it("that throws answers with the error's name and message", async () => {
    const { answer, FunctionError, StatusCode } = await invoke("failing");
    expect({ answer, FunctionError, StatusCode }).toMatchObject({
      answer: { errorType: "OddError", errorMessage: "odd" },
      FunctionError: "Unhandled",
      StatusCode: 200,
    });
  });

  it.each(["slow", "busy"])("that takes too long (%s) is ended, and restarted", async (name) => {
    const { answer, FunctionError } = await invoke(name);
    expect(FunctionError).toBe("Unhandled");
    expect(answer).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds/),
    });
  });

  it("that exits or uses too much memory fails, and the platform goes on", async () => {
    expect((await invoke("exiting")).answer).toMatchObject({ errorType: "Runtime.ExitError" });
    expect((await invoke("greedy")).answer).toMatchObject({ errorType: "Runtime.OutOfMemory" });
    expect((await invoke("echo")).StatusCode).toBe(200);
  });

  it("runs no more often at once than is reserved for it", async () => {
    const [first, second] = await Promise.allSettled([invoke("one-at-a-time"), invoke("one-at-a-time")]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: { name: "TooManyRequestsException" } });
  });

  it("that is not declared is not found", async () => {
    await expect(invoke("nobody")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("has its complaints shown, and the rest kept in a file", async () => {
    await invoke("loud");
    await until(
      () => stack.lines.join("\n"),
      (lines) => lines.includes("loud: it broke"),
    );
    expect(stack.lines.join("\n")).not.toContain("plain");
  });
});

describe("what Lambda says of functions", () => {
  it("is what the stack declares", async () => {
    const { Functions = [] } = await functions.send(new ListFunctionsCommand({}));
    const names = Functions.map(({ FunctionName = "" }) => FunctionName);
    expect(names).toContain("environment");
    const FunctionName = "environment";
    const { Configuration } = await functions.send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({ FunctionName, Runtime: "nodejs22.x", State: "Active" });
    expect(Date.parse(Configuration?.LastModified ?? "")).toBeLessThanOrEqual(Date.now());
    const alone = await functions.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(alone).toMatchObject({ FunctionName, Environment: Configuration?.Environment });
    await expect(functions.send(new GetFunctionCommand({ FunctionName: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("an HTTP API", () => {
  it("names each request in its answer, as the function and the log do", async () => {
    const { headers, body } = await get("/items/7");
    const id = headers.get("apigw-requestid");
    expect(id).toMatch(/./);
    expect(JSON.parse(body)).toMatchObject({ event: { requestContext: { requestId: id } } });
  });

  it("names a request that no function gets", async () => {
    const ids = await Promise.all(["/nowhere", "/nowhere", "/signed"].map((path) => get(path)));
    const given = ids.map(({ headers }) => headers.get("apigw-requestid") ?? "none");
    expect([new Set(given).size, given.includes("none")]).toEqual([3, false]);
  });

  it("gives a function the request's path parameters and body", async () => {
    expect(JSON.parse((await get("/items/a%20b?x=1")).body)).toMatchObject({
      event: {
        routeKey: "GET /items/{id}",
        pathParameters: { id: "a b" },
        queryStringParameters: { x: "1" },
      },
    });
    const posted = await get("/echo", {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(JSON.parse(posted.body)).toMatchObject({ event: { body: "{}", isBase64Encoded: false } });
  });

  it.each([
    ["/nowhere", 404, '{"message":"Not Found"}'],
    ["/%zz", 400, '{"message":"Bad Request"}'],
    ["/failing", 500, '{"message":"Internal Server Error"}'],
    ["/signed", 403, '{"message":"Forbidden"}'],
  ])("answers %s with %d", async (path, status, body) => {
    expect(await get(path)).toMatchObject({ status, body });
  });

  it("refuses a body of more than 10 MB", async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect((await get("/echo", { method: "POST", body })).status).toBe(413);
  });

  it("throttles as declared", async () => {
    const answers = [await get("/throttled"), await get("/throttled"), await get("/throttled")];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers.get("retry-after")).toBeNull();
  });

  it("shows each request as a line", async () => {
    await get("/items/7");
    expect(stack.lines.join("\n")).toMatch(/request {3}GET \/items\/7 200 \d+ ms/);
  });

  it("does not take a signature made with a key that is no role's", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=local/20261123/eu-central-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=" +
      "0".repeat(64);
    const headers = { authorization, "x-amz-date": new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "") };
    expect((await get("/signed", { headers })).status).toBe(403);
  });
});

describe("parameters", () => {
  it("exist for every name a policy holds; a webhook's is the built-in one", async () => {
    const ssm = new SSMClient(stack.client);
    const value = async (Name: string, WithDecryption: boolean) =>
      (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter?.Value;
    expect(await value("/app/key", true)).toMatch(/^[0-9a-f]{32}$/);
    expect(await value("/app/key", false)).not.toBe(await value("/app/key", true));
    const webhook = await value("/app/webhook", true);
    expect(webhook).toBe(`${stack.awsUrl}/_webhook`);
    const posted = await fetch(webhook ?? "", {
      method: "POST",
      body: JSON.stringify({ text: "hello there" }),
    });
    expect(await posted.text()).toBe("ok");
    expect(stack.lines.join("\n")).toContain("hello there");
    await expect(value("/app/other", true)).rejects.toMatchObject({ name: "ParameterNotFound" });
  });
});
