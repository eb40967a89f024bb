import * as E from "fp-ts/Either";
import { Environment } from "../../environments/environment";
import { contradictions } from "../../environments/rules";
import { faults } from "../../lib/faults";
import { shippedEnvironments } from "../support/synth";

const dev = shippedEnvironments().find(({ name }) => name === "dev");

/** What is wrong with a budget that dev's file would have, and with so many people to tell. */
const told = (budget: unknown, recipients = 0): ReadonlyArray<string> => {
  const decoded = Environment.decode({
    ...dev,
    budget,
    alarms: {
      ...dev?.alarms,
      recipients: Array.from({ length: recipients }, (_, index) => `person${index}@example.com`),
    },
  });
  const found = E.isLeft(decoded) ? faults(decoded.left) : contradictions(decoded.right);
  return found.map(({ path, expected }) => `${path}: ${expected}`);
};

it("an environment may have a budget, and as many people to tell as AWS Budgets mails to", () => {
  expect(told(undefined, 11)).toEqual([]);
  expect(told({ usd_per_month: 1 }, 10)).toEqual([]);
  expect(told({ usd_per_month: 200 }, 11)).toEqual([
    "alarms.recipients: at most 10 with a budget: AWS Budgets mails to no more",
  ]);
});

it.each([0, 12.5, 1_000_001, "200"])("a budget of %p is none", (usd_per_month) => {
  expect(told({ usd_per_month })).toEqual([
    "budget.usd_per_month: a whole number of US dollars from 1 to 1000000",
  ]);
});
