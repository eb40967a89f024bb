import { decodePlan } from "../../local/engine/faults/plan-file";
import { OFFERED } from "../../local/offered-faults";

it("is a plan that a file might hold", () => {
  expect(decodePlan(OFFERED)).toMatchObject({ _tag: "Right" });
});
