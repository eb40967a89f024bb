import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { runStack, type RunningStack } from "../../../platform/support/running-stack";

let stack: RunningStack;
beforeAll(async () => {
  stack = await runStack([]);
});
afterAll(async () => {
  await stack.stop();
});

it("a parameter's value has at most 4,096 characters", async () => {
  const put = (characters: number) =>
    new SSMClient(stack.client).send(
      new PutParameterCommand({ Name: "/p", Value: "ü".repeat(characters), Overwrite: true }),
    );
  expect((await put(4_096)).Version).toBe(1);
  await expect(put(4_097)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringMatching(
      /^Standard tier parameters support a maximum parameter value of 4096 characters\. /,
    ),
    $metadata: { httpStatusCode: 400 },
  });
});
