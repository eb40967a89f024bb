import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Context } from "../context";

const accounts = new WeakMap<Context["aws"], Promise<string>>();

/** Whose account this is: names of state machines say no ARN. */
const accountOf = ({ aws }: Context): Promise<string> => {
  const known =
    accounts.get(aws) ?? aws.sts.send(new GetCallerIdentityCommand({})).then(({ Account = "" }) => Account);
  accounts.set(aws, known);
  known.catch(() => accounts.delete(aws));
  return known;
};

const machineArn = async (context: Context, name: string): Promise<string> =>
  `arn:aws:states:${context.map.region}:${await accountOf(context)}:stateMachine:${name}`;

const NEWEST = 20;

/** Of the newest executions of a state machine, how many run, and how many failed. */
export const latestRuns = async (context: Context, name: string) => {
  const { executions = [] } = await context.aws.states.send(
    new ListExecutionsCommand({ stateMachineArn: await machineArn(context, name), maxResults: NEWEST }),
  );
  const count = (wanted: ReadonlyArray<string>): number =>
    executions.filter(({ status = "" }) => wanted.includes(status)).length;
  return { looked: executions.length, running: count(["RUNNING"]), failed: count(["FAILED", "TIMED_OUT"]) };
};
