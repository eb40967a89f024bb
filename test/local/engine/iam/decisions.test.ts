import { decide } from "../../../../local/engine/iam/decide";
import { decisionLog } from "../../../../local/engine/iam/decisions";
import { asking, policyOf, TABLE } from "./support";

const policy = policyOf("identity", "table", {
  Sid: "Table",
  Effect: "Allow",
  Action: ["dynamodb:PutItem", "dynamodb:GetItem"],
  Resource: TABLE,
});

const decided = (...actions: ReadonlyArray<string>) => {
  const log = decisionLog([{ arn: "role", name: "place-orders" }], () => [policy]);
  for (const action of actions) {
    const request = asking(action, TABLE);
    log.record(request, decide(request, { identity: [policy] }));
  }
  return log.all();
};

it("tells what was decided last, and by which statement", () => {
  expect(decided("dynamodb:PutItem", "dynamodb:DeleteItem").newest).toMatchObject([
    { action: "dynamodb:DeleteItem", allowed: false, text: expect.stringContaining('"Effect":"Allow"') },
    { action: "dynamodb:PutItem", allowed: true, resource: TABLE, text: "table Table" },
  ]);
});

it("counts what was refused, once for each statement that is missing", () => {
  expect(decided("dynamodb:DeleteItem", "dynamodb:DeleteItem", "dynamodb:Scan").refused).toMatchObject([
    { action: "dynamodb:DeleteItem", times: 2 },
    { action: "dynamodb:Scan", times: 1 },
  ]);
});

it("keeps no more of either than somebody would read", () => {
  const { newest, refused } = decided(...Array.from({ length: 500 }, (_, index) => `dynamodb:Made${index}`));
  expect(newest).toHaveLength(200);
  expect(refused).toHaveLength(200);
});
