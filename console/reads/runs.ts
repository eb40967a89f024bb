import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
} from "@aws-sdk/client-sfn";
import { problemsIn, valuesIn } from "../aws/unread";
import type { Context } from "../context";
import type { Run, RunDetails, RunsPage } from "../shapes";
import { statesArn } from "../system/declared";
import { statesOf } from "../system/states";
import { stepsOf } from "./steps";

const runOf = ({
  name = "",
  status,
  startDate,
  stopDate,
}: Partial<Pick<ExecutionListItem, "name" | "status" | "startDate" | "stopDate">>): Run => ({
  name,
  status: status ?? "",
  started_at: (startDate ?? new Date(0)).toISOString(),
  ...(stopDate === undefined ? {} : { stopped_at: stopDate.toISOString() }),
});

const PAGE = 50;

/** A page of a state machine's executions, the newest first. */
export const listRuns = async (context: Context, machine: string, cursor?: string): Promise<RunsPage> => {
  const { executions = [], nextToken } = await context.aws.states.send(
    new ListExecutionsCommand({
      stateMachineArn: statesArn(context.declared, "stateMachine", machine),
      maxResults: PAGE,
      ...(cursor === undefined ? {} : { nextToken: cursor }),
    }),
  );
  return { machine, runs: executions.map(runOf), ...(nextToken === undefined ? {} : { cursor: nextToken }) };
};

const NEWEST = 20;

/** Of the newest executions of a state machine, how many run, and how many failed. */
export const latestRuns = async (context: Context, machine: string) => {
  const newest = (await listRuns(context, machine)).runs.slice(0, NEWEST);
  const count = (wanted: ReadonlyArray<string>): number =>
    newest.filter(({ status }) => wanted.includes(status)).length;
  return { looked: newest.length, running: count(["RUNNING"]), failed: count(["FAILED", "TIMED_OUT"]) };
};

const MOST_PAGES = 5;
const EVENTS = 1_000;

const eventsOf = async ({ aws }: Context, executionArn: string) => {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await aws.states.send(
      new GetExecutionHistoryCommand({
        executionArn,
        maxResults: EVENTS,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    events.push(...(answer.events ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return { events, cut: nextToken !== undefined };
};

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && error.name === "ExecutionDoesNotExist";

/** One execution: what it was given, which way it took, what came of it. */
export const findRun = async (
  context: Context,
  machine: string,
  name: string,
): Promise<RunDetails | undefined> => {
  const executionArn = statesArn(context.declared, "execution", `${machine}:${name}`);
  try {
    const [execution, history] = await Promise.all([
      context.aws.states.send(new DescribeExecutionCommand({ executionArn })),
      Promise.allSettled([eventsOf(context, executionArn)]),
    ]);
    const [{ events, cut } = { events: [], cut: false }] = valuesIn(history);
    const { input = "", output, error, cause } = execution;
    return {
      run: {
        ...runOf(execution),
        input,
        ...(output === undefined ? {} : { output }),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      },
      ...statesOf(context.declared, machine),
      steps: stepsOf(events),
      cut,
      problems: problemsIn(history),
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};
