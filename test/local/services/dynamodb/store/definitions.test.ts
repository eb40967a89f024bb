import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { runStack, type RunningStack } from "../../../../platform/support/running-stack";
import { until } from "../../../../platform/support/until";

const TableName = "made-twice";

let platform: RunningStack;
beforeAll(async () => {
  platform = await runStack([]);
});
afterAll(() => platform.stop());

it("a table that is made anew has the keys that it was made with last", async () => {
  const dynamo = new DynamoDBClient(platform.client);
  for (const name of ["first", "second"]) {
    // Until the one before is gone.
    await until(
      () =>
        dynamo
          .send(
            new CreateTableCommand({
              TableName,
              BillingMode: "PAY_PER_REQUEST",
              KeySchema: [{ AttributeName: name, KeyType: "HASH" }],
              AttributeDefinitions: [{ AttributeName: name, AttributeType: "S" }],
            }),
          )
          .then(
            () => true,
            () => false,
          ),
      (made) => made,
    );
    const Item = { [name]: { S: "one" } };
    await until(
      () =>
        dynamo.send(new PutItemCommand({ TableName, Item })).then(
          () => "stored",
          (thrown: unknown) => (thrown instanceof Error ? thrown.name : ""),
        ),
      (outcome) => outcome !== "ResourceNotFoundException",
    );
    expect((await dynamo.send(new GetItemCommand({ TableName, Key: Item }))).Item).toEqual(Item);
    await dynamo.send(new DeleteTableCommand({ TableName }));
  }
});
