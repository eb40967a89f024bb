import { declaredBy } from "../../../console/system/declared";
import { statesOf } from "../../../console/system/states";

const declaredWith = (definition: string) =>
  declaredBy(
    {
      provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["000000000000"] }] },
      resource: { aws_sfn_state_machine: { m: { name: "machine", definition } } },
    },
    "test",
  );

it("has an edge to everything that may come next, and to what catches a failure", () => {
  const definition = {
    States: {
      Fetch: { Type: "Task", Next: "Choose", Catch: [{ Next: "Failed" }] },
      Choose: { Type: "Choice", Choices: [{ Next: "Fetch" }, { Next: "Done" }], Default: "Done" },
      Done: { Type: "Succeed" },
      Failed: { Type: "Fail" },
    },
  };
  expect(statesOf(declaredWith(JSON.stringify(definition)), "machine").edges).toEqual([
    { from: "Fetch", to: "Choose", failure: false },
    { from: "Fetch", to: "Failed", failure: true },
    { from: "Choose", to: "Done", failure: false },
    { from: "Choose", to: "Fetch", failure: false },
  ]);
});

it("has none for a machine that is not declared", () => {
  expect(statesOf(declaredWith("{}"), "another")).toEqual({ states: [], edges: [] });
});
