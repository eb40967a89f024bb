/** `npm run resume -- ENVIRONMENT REASON`: sends orders again, those that waited first. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as t from "io-ts";
import { isHalted, type Said } from "../functions/domain/trading";
import { main, run } from "../lib/command";
import { jsonOrUndefined } from "../lib/json";
import { reasonOf } from "../lib/thrown";
import { awsSettings, operated } from "./operated";
import { deskOf, instantAfter, reasonIn, tell, tradingCommand } from "./trading/desk";

const Swept = t.type({ requeued: t.number, complete: t.boolean });

/** One sweep; it looks at as many orders as its time allows. */
const sweep = async (lambda: LambdaClient, name: string): Promise<t.TypeOf<typeof Swept>> => {
  const { FunctionError: error, Payload } = await lambda.send(new InvokeCommand({ FunctionName: name }));
  const answer = jsonOrUndefined(Buffer.from(Payload ?? []).toString());
  if (error === undefined && Swept.is(answer)) return answer;
  throw new Error(`${name}: ${error ?? "it did not say what it did"}; its log says why`);
};

/** Sweeps until no order waits. The schedule does the same, in its own time. */
const queueWaiting = async (lambda: LambdaClient, name: string): Promise<boolean> => {
  let queued = 0;
  try {
    for (;;) {
      const { requeued, complete } = await sweep(lambda, name);
      queued += requeued;
      console.log(`${queued} waiting orders queued${complete ? "" : " so far …"}`);
      if (complete) return true;
    }
  } catch (thrown) {
    console.error(`the others are left to the schedule of the sweep: ${reasonOf(thrown)}`);
    return false;
  }
};

type Options = { readonly endpoint?: string | undefined };

const resume = async (named: string, text: string, { endpoint }: Options): Promise<number> => {
  const environment = operated(named);
  const reason = reasonIn(text);
  const settings = awsSettings(environment, endpoint);
  const desk = deskOf(environment, settings);
  const before = await desk.state();
  if (!isHalted(before)) {
    console.log(
      before === undefined
        ? `${named}: not halted, and never was`
        : `${named}: not halted, resumed at ${before.at}: ${before.reason}`,
    );
    if (before?.announced === false) await tell(desk, before);
    return 1;
  }
  const said: Said = { state: "resumed", at: instantAfter(before), reason, announced: false };
  await desk.say(said, before);
  console.log(`${named}: resumed, after a halt since ${before.since}`);
  const isTold = await tell(desk, said);
  const isQueued = await queueWaiting(new LambdaClient(settings), `${named}-sweep-orders`);
  return isTold && isQueued ? 0 : 1;
};

const program = tradingCommand(
  "resume",
  "send orders to the auction platform again, and queue those that waited",
)
  .addHelpText(
    "after",
    `
It starts the sweep until no order waits: each is queued, and sent at the rate of submissions_at_once; those whose gate
has closed expire. Where the sweep cannot be started, its schedule does the same within its period.
It needs dynamodb:GetItem and dynamodb:PutItem on the table of checkpoints, sns:Publish on the topic of notifications,
kms:GenerateDataKey and kms:Decrypt on its key, and lambda:InvokeFunction on sweep-orders.

Exit status: 0 resumed; 1 it was not halted, or nobody could be told, or the sweep not started; 2 nothing was changed.`,
  )
  .action((environment, reason, options) => run(2, () => resume(environment, reason, options)));

void main(program);
