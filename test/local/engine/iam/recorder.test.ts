import { decide } from "../../../../local/engine/iam/decide";
import { recorder, unusedGrants } from "../../../../local/engine/iam/recorder";
import { unusedLine } from "../../../platform/support/unused-line";
import { asking, policyOf, TABLE } from "./support";

const INDEX = `${TABLE}/index/decided`;
const policy = policyOf("identity", "table", {
  Sid: "Table",
  Effect: "Allow",
  Action: ["dynamodb:PutItem", "dynamodb:Query"],
  Resource: [TABLE, `${TABLE}/index/*`],
});
const deny = policyOf("identity", "guard", { Effect: "Deny", Action: "s3:*", Resource: "*" });

/** A process's record after the given requests. */
const recorded = (...requests: ReadonlyArray<readonly [string, string]>) => {
  const { record, uses } = recorder();
  for (const [action, resource] of requests) {
    const decision = decide(asking(action, resource), { identity: [policy, deny] });
    if (decision._tag === "Allowed") record("place-orders", decision.by);
  }
  return uses();
};
const unused = (uses: ReturnType<typeof recorded>) =>
  unusedGrants("place-orders", [policy, deny], uses).map(unusedLine);

it("counts what was used by the statement's own words", () => {
  expect(recorded(["dynamodb:Query", INDEX], ["dynamodb:Query", INDEX], ["s3:GetObject", "*"])).toEqual([
    {
      role: "place-orders",
      policy: "table",
      statement: "Table",
      action: "dynamodb:Query",
      resource: `${TABLE}/index/*`,
      calls: 2,
    },
  ]);
});

it("names the actions and resources that nothing used", () => {
  expect(unused(recorded(["dynamodb:PutItem", TABLE]))).toEqual([
    `place-orders: nothing uses dynamodb:Query on ${TABLE}, ${TABLE}/index/* (table Table)`,
    `place-orders: nothing uses ${TABLE}/index/* for dynamodb:PutItem, dynamodb:Query (table Table)`,
  ]);
  expect(unused([])).toHaveLength(4);
});

it("does not take one role's use for another's", () => {
  const uses = recorded(["dynamodb:PutItem", TABLE], ["dynamodb:Query", INDEX]);
  expect(unusedGrants("another", [policy], uses)).toHaveLength(4);
});
