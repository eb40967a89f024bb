import { randomUUID } from "node:crypto";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import { type JsonObject, parseJson } from "../../json";
import type { Execution } from "./executions";
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
  t.partial({ error: t.string, cause: t.string }),
]);

const decode = <A>(codec: t.Type<A, unknown>, body: Buffer): A => {
  const parsed = parseJson(body.toString()) ?? null;
  const decoded = codec.decode(parsed);
  if (E.isLeft(decoded))
    throw new AwsError("ValidationException", "the request is not as this operation expects");
  return decoded.right;
};

/** The part of Step Functions' API that looks at state machines, starts executions and stops them. */
export const stepFunctionsBackend = (machines: ReadonlyArray<LocalMachine>): Backend => {
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
        creationDate: 0,
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
        creationDate: 0,
      };
    },
    StartExecution: (body) => {
      const { stateMachineArn, name = randomUUID(), input = "{}" } = decode(OfMachine, body);
      const machine = machineOf(stateMachineArn);
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
    ListExecutions: (body) => {
      const {
        stateMachineArn,
        statusFilter,
        maxResults = DEFAULT_RESULTS,
        nextToken = "0",
      } = decode(OfMachine, body);
      const machine = machineOf(stateMachineArn);
      const found = machine.store
        .all()
        .filter(({ status }) => statusFilter === undefined || status === statusFilter);
      const from = Number(nextToken) || 0;
      const most = maxResults === 0 ? DEFAULT_RESULTS : maxResults;
      return {
        executions: found.slice(from, from + most).map((execution) => summary(machine, execution)),
        ...(from + most < found.length ? { nextToken: String(from + most) } : {}),
      };
    },
  };

  return ({ operation, body }) => {
    const run = operations[operation];
    if (run === undefined)
      throw new AwsError("UnknownOperationException", `${operation} is not one the local platform speaks`);
    return Promise.resolve(jsonAnswer(run(body)));
  };
};
