import { randomUUID } from "node:crypto";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import { type JsonObject, parseJson } from "../../json";
import type { Execution } from "./executions";
import { isTooLarge, PAYLOAD_BYTES } from "./limits";
import type { LocalMachine } from "./state-machine";

const DEFAULT_RESULTS = 100;

/** The API counts in seconds. */
const seconds = (ms: number): number => ms / 1_000;

const summary = (machine: LocalMachine, { name, status, startedAt, stoppedAt }: Execution): JsonObject => ({
  executionArn: machine.executionArn(name),
  stateMachineArn: machine.arn,
  name,
  status,
  startDate: seconds(startedAt),
  ...(stoppedAt === undefined ? {} : { stopDate: seconds(stoppedAt) }),
});

const detail = (machine: LocalMachine, execution: Execution): JsonObject => {
  const { input, output, error, cause } = execution;
  return {
    ...summary(machine, execution),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
};

const pageOf = (
  name: string,
  all: ReadonlyArray<JsonObject>,
  token: string,
  maxResults: number,
): JsonObject => {
  const from = Number(token) || 0;
  const to = from + (maxResults === 0 ? DEFAULT_RESULTS : maxResults);
  return { [name]: all.slice(from, to), ...(to < all.length ? { nextToken: String(to) } : {}) };
};

const OfMachine = t.intersection([
  t.type({ stateMachineArn: t.string }),
  t.partial({
    name: t.string,
    input: t.string,
    statusFilter: t.string,
    maxResults: t.number,
    nextToken: t.string,
  }),
]);
const OfExecution = t.intersection([
  t.type({ executionArn: t.string }),
  t.partial({
    error: t.string,
    cause: t.string,
    maxResults: t.number,
    nextToken: t.string,
    reverseOrder: t.boolean,
  }),
]);

const decode = <A>(codec: t.Type<A, unknown>, body: Buffer): A => {
  const parsed = parseJson(body.toString()) ?? null;
  const decoded = codec.decode(parsed);
  if (E.isLeft(decoded))
    throw new AwsError("ValidationException", "the request is not as this operation expects");
  return decoded.right;
};

/**
 * The part of Step Functions' API that looks at state machines, starts executions and stops them.
 *
 * @param createdAt when the machines were first made, in epoch milliseconds
 */
export const stepFunctionsBackend = (machines: ReadonlyArray<LocalMachine>, createdAt: number): Backend => {
  const machineOf = (arn: string): LocalMachine => {
    const machine = machines.find((one) => one.arn === arn);
    if (machine === undefined)
      throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
    return machine;
  };
  const executionOf = (arn: string): readonly [LocalMachine, Execution] => {
    const name = arn.split(":").at(-1) ?? "";
    for (const machine of machines) {
      const execution = machine.executionArn(name) === arn ? machine.store.get(name) : undefined;
      if (execution !== undefined) return [machine, execution];
    }
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  };

  const operations: Readonly<Record<string, (body: Buffer) => JsonObject>> = {
    ListStateMachines: () => ({
      stateMachines: machines.map(({ arn, name }) => ({
        stateMachineArn: arn,
        name,
        type: "STANDARD",
        creationDate: seconds(createdAt),
      })),
    }),
    DescribeStateMachine: (body) => {
      const { arn, name, definition, role } = machineOf(decode(OfMachine, body).stateMachineArn);
      return {
        stateMachineArn: arn,
        name,
        definition,
        roleArn: role,
        type: "STANDARD",
        status: "ACTIVE",
        creationDate: seconds(createdAt),
      };
    },
    StartExecution: (body) => {
      const { stateMachineArn, name = randomUUID(), input = "{}" } = decode(OfMachine, body);
      const machine = machineOf(stateMachineArn);
      if (isTooLarge(input))
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_BYTES}`,
        );
      if (parseJson(input) === undefined)
        throw new AwsError("InvalidExecutionInput", "Invalid State Machine Execution Input");
      const before = machine.store.get(name);
      if (before !== undefined && (before.status !== "RUNNING" || before.input !== input))
        throw new AwsError(
          "ExecutionAlreadyExists",
          `Execution Already Exists: '${machine.executionArn(name)}'`,
        );
      const execution = before ?? machine.start(name, input);
      return { executionArn: machine.executionArn(name), startDate: seconds(execution.startedAt) };
    },
    StopExecution: (body) => {
      const { executionArn, error, cause } = decode(OfExecution, body);
      const [machine, { name }] = executionOf(executionArn);
      machine.abort(name, error, cause);
      return { stopDate: seconds(Date.now()) };
    },
    DescribeExecution: (body) => detail(...executionOf(decode(OfExecution, body).executionArn)),
    GetExecutionHistory: (body) => {
      const {
        executionArn,
        maxResults = 0,
        nextToken = "0",
        reverseOrder = false,
      } = decode(OfExecution, body);
      const [machine, execution] = executionOf(executionArn);
      const events = machine.history(execution);
      return pageOf("events", reverseOrder ? events.toReversed() : events, nextToken, maxResults);
    },
    ListExecutions: (body) => {
      const { stateMachineArn, statusFilter, maxResults = 0, nextToken = "0" } = decode(OfMachine, body);
      const machine = machineOf(stateMachineArn);
      const found = machine.store
        .all()
        .filter(({ status }) => statusFilter === undefined || status === statusFilter);
      return pageOf(
        "executions",
        found.map((execution) => summary(machine, execution)),
        nextToken,
        maxResults,
      );
    },
  };

  return ({ operation, body }) => {
    const run = operations[operation];
    if (run === undefined)
      throw new AwsError("UnknownOperationException", `${operation} is not one the local platform speaks`);
    return Promise.resolve(jsonAnswer(run(body)));
  };
};
