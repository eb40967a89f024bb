import { TERRAFORM_EXITS } from "../../../cli/terraform/errors";
import { isTested, TESTED_TERRAFORM } from "../../../cli/terraform/version";

test("every failure has an exit status of its own, beside those of the command itself", () => {
  const statuses = [0, 2, 3, 4, 70, ...TERRAFORM_EXITS.map(({ status }) => status)];
  expect(new Set(statuses).size).toBe(statuses.length);
});

test("the tested version is a minor one: any of its patches will do, and no other", () => {
  expect(isTested(`${TESTED_TERRAFORM}.0`)).toBe(true);
  expect(isTested(`${TESTED_TERRAFORM}0.0`)).toBe(false);
});
