import * as E from "fp-ts/Either";
import { environmentNamed } from "../../environments/named";
import { shippedNames } from "../support/synth";

it("finds an environment by its name", () => {
  expect(environmentNamed("dev", "environments")).toMatchObject(E.right({ name: "dev" }));
});

it.each([
  ["prd", "there is no environment prd (did you mean prod?); there are "],
  ["moon", "there is no environment moon; there are "],
])("says of %s what there is", (name, start) => {
  expect(environmentNamed(name, "environments")).toEqual(E.left(`${start}${shippedNames.join(", ")}`));
});
