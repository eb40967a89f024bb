/** `npm run replay -- ENVIRONMENT KEY`: archives a page of results again, as it came. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import type { Environment } from "../environments/environment";
import { archiveKey, RawKey, replayName } from "../functions/domain/archive";
import { command, Ended, failure, main, run, wrongUse } from "../lib/command";
import { jsonOrUndefined } from "../lib/json";
import { awsSettings, operated } from "./operated";

const POLL_MS = 1_000;

const Counts = t.type({ accepted: t.number, rejected: t.number, quarantined: t.number });
/** What a function threw, as Step Functions hands it on. */
const Thrown = t.type({ errorMessage: t.string });

const outcome = (key: string, name: string, output: string | undefined): string => {
  const counts = jsonOrUndefined(output ?? "");
  if (!Counts.is(counts)) return `execution ${name} succeeded, and does not say what it archived`;
  const { accepted, rejected, quarantined } = counts;
  const place = accepted === 0 ? "" : ` in ${archiveKey(replayName(key, name))}`;
  return `${accepted} newly accepted${place}, ${rejected} newly rejected and announced, ${quarantined} set aside`;
};

const said = ({ status, error = "", cause = "" }: DescribeExecutionCommandOutput): string => {
  const thrown = jsonOrUndefined(cause);
  return `${status ?? ""} ${error}: ${Thrown.is(thrown) ? thrown.errorMessage : cause}`;
};

type Options = { readonly endpoint?: string | undefined };

const replay = async (environment: Environment, key: string, { endpoint }: Options): Promise<number> => {
  const { name: place, region, account_id: account } = environment;
  const states = new SFNClient(awsSettings(environment, endpoint));
  const name = `replay-${new Date().toISOString().replaceAll(/\D/g, "")}`;
  const { executionArn } = await states.send(
    new StartExecutionCommand({
      stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${place}-orders-results`,
      name,
      input: JSON.stringify({ replay: key }),
    }),
  );
  console.log(`execution ${name} archives ${key} again …`);
  for (;;) {
    const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status === "SUCCEEDED") {
      console.log(outcome(key, name, execution.output));
      return 0;
    }
    if (execution.status !== "RUNNING")
      throw new Ended(failure(1, `execution ${name}: ${said(execution)}; nothing else was changed by it`));
    await sleep(POLL_MS);
  }
};

const program = command("replay")
  .description("archive a page of results again, as it came from the auction platform")
  .argument("<environment>", "the name of a file in environments/")
  .argument("<key>", "of the page in the archive's bucket: results/raw/dt=YYYY-MM-DD/NAME.json")
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .addHelpText(
    "after",
    `
What was counted before stays as it is: only orders that are undecided yet are decided, in an object of their own.
A quarantine object names the page it is about (raw), and so does the announcement of a page that was refused.
It takes turns with the runs of the schedule: while one of them reads the results, it is refused after some tries.

Exit status: 0 archived; 1 the execution failed; 2 nothing was started.`,
  )
  .action((named, key, options) => {
    const environment = operated(named);
    if (isLeft(RawKey.decode(key))) throw new Ended(wrongUse(`${key}: expected ${RawKey.name}`));
    return run(2, () => replay(environment, key, options));
  });

void main(program);
