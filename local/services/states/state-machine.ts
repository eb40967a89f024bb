import type { RunOptions, StateMachine, StateMachineDefinition } from "aws-local-stepfunctions";
import type { Activity } from "../../activity";
import type { ConfigOf, Declared } from "../catalog";
import type { Client } from "../../engine/gateway/client";
import type { Metrics } from "../../engine/metrics";
import { isArray, isObject, type Json, type JsonObject, parseJson } from "../../json";
import { messageOf } from "../../start-error";
import { readDefinition } from "./definition";
import type { Execution, ExecutionStore } from "./executions";
import { executionHistories } from "./history";
import { refuseLarge, TerminalError } from "./limits";
import { taskFor, taskName } from "./tasks";
import type { resources } from "./resources";

export const STATE_METRICS = {
  namespace: "AWS/States",
  names: [
    "ExecutionsStarted",
    "ExecutionsSucceeded",
    "ExecutionsFailed",
    "ExecutionsTimedOut",
    "ExecutionsAborted",
  ],
} as const;

type StateMetric = (typeof STATE_METRICS.names)[number];

const COUNTED: Readonly<Record<Execution["status"], StateMetric>> = {
  RUNNING: "ExecutionsStarted",
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
};

type Run = ReturnType<StateMachine["run"]>;
type Events = Run["eventLogs"];

const letGo = (run: Run): void => {
  run.result.catch(() => undefined);
  run.abort();
};

type Value = Parameters<StateMachine["run"]>[0];

/** A copy the library may change. */
const owned = (value: Json): Value => {
  if (isArray(value)) return value.map(owned);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, owned(item)]))
    : value;
};

const inputOf = ({ input }: Execution): Json => parseJson(input) ?? {};

/** Loading the library and checking a definition take a while: once, at the first execution. */
const makeMachine = async (definition: StateMachineDefinition): Promise<StateMachine> => {
  const { StateMachine } = await import("aws-local-stepfunctions");
  return new StateMachine(definition, { validationOptions: { checkArn: false } });
};

const short = (name: string): string => name.slice(0, 8);

/**
 * One readable line for each task, wait, retry and failure that is caught. An execution that looks, finds nothing to do
 * and ends prints nothing: its lines are held until it goes further than its first task.
 *
 * Rejects with a TerminalError when a limit is reached.
 */
const report = async (
  events: Events,
  say: (text: string) => void,
  remember: (event: Parameters<ReturnType<typeof executionHistories>["add"]>[1]) => void,
): Promise<void> => {
  const entered = new Map<string, number>();
  const told: { readonly held: string[]; begun: boolean } = { held: [], begun: false };
  let first: string | undefined;
  const tell = (text: string): void => {
    told.held.splice(0).forEach(say);
    told.begun = true;
    say(text);
  };
  for await (const event of events) {
    remember(event);
    if (event.type === "ExecutionSucceeded" && told.begun) say("succeeded");
    if (!("state" in event)) continue;
    const { name, type, output } = event.state;
    if (event.type === "StateExited") refuseLarge(name, output ?? null);
    if (event.type === "StateEntered") entered.set(name, event.timestamp);
    if (event.type === "StateExited" && (type === "Task" || type === "Wait")) {
      if (type === "Task") first ??= name;
      const line = `${name} ${event.timestamp - (entered.get(name) ?? event.timestamp)} ms`;
      if (told.begun || (type === "Task" && name !== first)) tell(line);
      else told.held.push(line);
    }
    if (event.type === "StateFailed" && "Error" in event) tell(`${name} failed: ${event.Error}`);
    if (event.type === "StateRetried" && "retry" in event)
      tell(`${name} is tried again (${event.retry.attempt})`);
    if (event.type === "StateCaught" && "catch" in event) tell(`${name} → ${event.catch.catcher.Next}`);
  }
};

export const localMachine = (
  { address, config, attribute }: Declared<ConfigOf<typeof resources.aws_sfn_state_machine>>,
  store: ExecutionStore,
  client: Client,
  activity: Activity,
  metrics: Metrics,
) => {
  const arn = attribute("arn");
  const { asl, tasks } = readDefinition(address, config.definition);
  const role = { kind: "role", arn: config.role_arn } as const;
  const executionArn = (name: string): string => `${arn.replace(":stateMachine:", ":execution:")}:${name}`;
  const running = new Map<string, Run>();
  const histories = executionHistories();
  let machine: Promise<StateMachine> | undefined;
  let suspended = false;

  const count = (status: Execution["status"]): void =>
    metrics.put(
      { namespace: STATE_METRICS.namespace, name: COUNTED[status], dimensions: { StateMachineArn: arn } },
      1,
    );

  const end = (name: string, change: Omit<Partial<Execution>, "name"> & Pick<Execution, "status">): void => {
    const execution = store.get(name);
    if (execution?.status === "RUNNING") {
      store.put({ ...execution, ...change, stoppedAt: Date.now() });
      count(change.status);
    }
    running.delete(name);
  };

  const options = (execution: Execution): RunOptions => ({
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        [...tasks].map(([state, resource]) => [
          state,
          async (input: Value): Promise<Value> => {
            const task = taskFor(resource);
            if (task === undefined) return null;
            refuseLarge(taskName(resource), input ?? null);
            const result = await task(client, role, input ?? null);
            refuseLarge(taskName(resource), result);
            return owned(result);
          },
        ]),
      ),
    },
    context: {
      Execution: { Id: executionArn(execution.name), Name: execution.name, RoleArn: config.role_arn },
      StateMachine: { Id: arn, Name: config.name },
    },
  });

  const run = async (execution: Execution): Promise<void> => {
    const say = (text: string): void => activity.step(config.name, short(execution.name), text);
    machine ??= makeMachine(asl);
    const ready = await machine;
    if (suspended) return;
    const started = ready.run(owned(inputOf(execution)), options(execution));
    running.set(execution.name, started);
    const watched = report(started.eventLogs, say, (event) => histories.add(execution.name, event));
    const [output] = await Promise.all([started.result, watched]).catch((error: unknown) => {
      letGo(started);
      throw error;
    });
    end(execution.name, { status: "SUCCEEDED", output: JSON.stringify(output) });
  };

  const failed = (execution: Execution, thrown: unknown): void => {
    const reason = thrown instanceof Error ? thrown.name : "";
    if (reason === "ExecutionAbortedError") return;
    const timedOut = reason === "ExecutionTimeoutError";
    const inside = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : undefined;
    const cause = thrown instanceof TerminalError ? thrown : inside;
    const error = timedOut ? "States.Timeout" : (cause?.name ?? "States.Runtime");
    end(execution.name, {
      status: timedOut ? "TIMED_OUT" : "FAILED",
      error,
      cause: cause?.message ?? messageOf(thrown),
    });
    activity.step(config.name, short(execution.name), `failed: ${error}`);
  };

  const begin = (execution: Execution): void => {
    run(execution).catch((error: unknown) => failed(execution, error));
  };

  return {
    name: config.name,
    arn,
    role: config.role_arn,
    definition: config.definition,
    store,
    executionArn,
    history: (execution: Execution): ReadonlyArray<JsonObject> => histories.of(execution, config.role_arn),
    start: (name: string, input: string): Execution => {
      const execution: Execution = {
        name,
        machine: config.name,
        status: "RUNNING",
        input,
        startedAt: Date.now(),
      };
      // On disk before it is answered: what has been started is run, whatever happens to this process.
      store.put(execution);
      count("RUNNING");
      begin(execution);
      return execution;
    },
    abort: (name: string, error: string | undefined, cause: string | undefined): void => {
      const run = running.get(name);
      end(name, {
        status: "ABORTED",
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
      if (run !== undefined) letGo(run);
    },
    /** Stops without ending what is running: the next start goes on with it. */
    suspend: (): void => {
      suspended = true;
      for (const run of running.values()) letGo(run);
    },
    /** Runs again what was running when the platform last stopped, under the same names. */
    resume: (): void => {
      for (const execution of store.all().filter(({ status }) => status === "RUNNING")) {
        activity.step(config.name, short(execution.name), "goes on after a restart, from its beginning");
        begin(execution);
      }
    },
  };
};

export type LocalMachine = ReturnType<typeof localMachine>;
