import * as E from "fp-ts/Either";
import { Environment } from "../../environments/environment";
import { contradictions } from "../../environments/rules";
import { faults } from "../../lib/faults";
import { shippedEnvironments } from "../support/synth";

const dev = shippedEnvironments().find(({ name }) => name === "dev");

/** What is wrong with queues that dev's file would name. */
const told = (...queues: ReadonlyArray<string>): ReadonlyArray<string> => {
  const decoded = Environment.decode({
    ...dev,
    order_changes: { queues },
  });
  const found = E.isLeft(decoded) ? faults(decoded.left) : contradictions(decoded.right);
  return found.map(({ path, expected }) => `${path}: ${expected}`);
};

const good = "order-changes_for-booking";

it("an environment may name queues of other systems, or none", () => {
  expect(told()).toEqual([]);
  expect(told(good, "risk")).toEqual([]);
  expect(told(...Array.from({ length: 20 }, (_, index) => `${good}-${index}`))).toEqual([]);
});

it.each<readonly [string, ReadonlyArray<string>, RegExp]>([
  ["a FIFO queue", [`${good}.fifo`], /^order_changes\.queues\[0\]: the name of a standard queue/],
  ["an ARN", ["arn:aws:sqs:eu-central-1:111111111111:booking"], /\[0\]: the name of a standard queue/],
  ["the environment's own", [good, "dev-orders"], /\[1\]: a queue of another system/],
  ["one named twice", [good, good], /\[1\]: each queue once/],
  [
    "too many",
    Array.from({ length: 21 }, (_, index) => `${good}-${index}`),
    /^order_changes\.queues: at most 20 queues/,
  ],
])("it may not name %s", (_, queues, problem) => {
  expect(told(...queues)).toEqual([expect.stringMatching(problem)]);
});
