import { httpApi, lambda } from "../../../platform/support/fixture";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";

let stack: RunningStack;
beforeAll(async () => {
  const routes = httpApi({ "POST /slow": { target: "slow" } });
  const { slow } = routes["aws_apigatewayv2_integration"] ?? {};
  stack = await runStack([
    lambda("slow", `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 2_000));`),
    routes,
    { aws_apigatewayv2_integration: { slow: { ...slow, timeout_milliseconds: 50 } } },
  ]);
});
afterAll(async () => {
  await stack.stop();
});

const post = async (bytes: number): Promise<readonly [number, string]> => {
  const answer = await fetch(`${stack.apiUrl}/slow`, { method: "POST", body: Buffer.alloc(bytes) });
  return [answer.status, await answer.text()];
};

it("a request has no more than a function takes", async () => {
  expect(await post(6 * 1024 * 1024)).toEqual([413, '{"message":"Request Entity Too Large"}']);
});

it("an integration has the time that it declares", async () => {
  expect(await post(0)).toEqual([503, '{"message":"Service Unavailable"}']);
});
