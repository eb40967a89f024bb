import type { TerraformStack } from "cdktf";
import { Function } from "../../modules/function";
import { Key } from "../../modules/key";
import { StateMachine } from "../../modules/state-machine";
import { type Attributes, type Declared, parsed } from "../support/synth";

/** What the tests of the modules share: each module is declared by itself, as another project would use it. */

export const accountId = "123456789012";

export const makeFunction = (stack: TerraformStack, bundle: string, id = "worker"): Function =>
  new Function(stack, id, {
    name: `test-${id}`,
    accountId,
    bundle,
    memoryMb: 256,
    timeoutSeconds: 10,
    concurrency: 3,
    environment: { A: "1" },
    logRetentionDays: 30,
  });

export const makeStateMachine = (stack: TerraformStack, worker: Function): StateMachine<"Done"> =>
  new StateMachine(stack, "flow", {
    name: "test-flow",
    accountId,
    definition: {
      Comment: "one state",
      StartAt: "Done",
      TimeoutSeconds: 60,
      States: { Done: { Type: "Succeed" } },
    },
    calls: { functions: [worker], topics: [] },
    logRetentionDays: 30,
  });

export const makeKey = (stack: TerraformStack): Key =>
  new Key(stack, "key", { name: "test-key", accountId, services: ["cloudwatch.amazonaws.com"] });

export const only = (declared: Declared, type: string): Attributes => {
  const found = Object.values(declared.all(type));
  expect(found).toHaveLength(1);
  return found[0] ?? {};
};

type Statement = {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  [key: string]: unknown;
};
export const statements = (policy: unknown): ReadonlyArray<Statement> =>
  (parsed(policy) as { Statement: Statement[] }).Statement;

/** What the worker may do: action → resources, over all its policies. */
export const granted = (declared: Declared): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.values(declared.all("aws_iam_role_policy"))
      .flatMap(({ policy }) => statements(policy))
      .flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, Resource] as const)),
  );

export const denied = (policy: unknown): ReadonlyArray<Statement> =>
  statements(policy).filter(
    ({ Effect, Condition }) =>
      Effect === "Deny" && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
  );
