/** `npm run halt -- ENVIRONMENT REASON`: sends nothing to the auction platform any more. */
import { isHalted, type Said } from "../functions/domain/trading";
import { main, run } from "../lib/command";
import { awsSettings, operated } from "./operated";
import { deskOf, instantAfter, reasonIn, tell, tradingCommand } from "./trading/desk";

type Options = { readonly refuseIntake: boolean; readonly endpoint?: string | undefined };

const INTAKE = {
  open: "orders are still taken and wait",
  refused: "POST /orders answers 503",
} as const;

const halt = async (named: string, text: string, { refuseIntake, endpoint }: Options): Promise<number> => {
  const environment = operated(named);
  const reason = reasonIn(text);
  const desk = deskOf(environment, awsSettings(environment, endpoint));
  const before = await desk.state();
  const intake = refuseIntake ? "refused" : "open";
  if (isHalted(before) && before.intake === intake) {
    console.log(`${named}: halted already, since ${before.since}: ${before.reason}; ${INTAKE[intake]}`);
    if (!before.announced) await tell(desk, before);
    return 1;
  }
  const at = instantAfter(before);
  const since = isHalted(before) ? before.since : at;
  const said: Said = { state: "halted", at, since, reason, intake, announced: false };
  await desk.say(said, before);
  console.log(
    isHalted(before)
      ? `${named}: halted since ${since}; from now on ${INTAKE[intake]}`
      : `${named}: halted. In two seconds nothing is sent any more; what is on its way then may still arrive. Meanwhile ${INTAKE[intake]}.`,
  );
  return (await tell(desk, said)) ? 0 : 1;
};

const program = tradingCommand("halt", "send no more orders to the auction platform until trading is resumed")
  .option("--refuse-intake", "refuse new orders, too: POST /orders answers 503 with the reason", false)
  .addHelpText(
    "after",
    `
Orders wait in the table, however long; those whose gate closes meanwhile expire. Results are still fetched. During a
halt the same command with, or without, --refuse-intake changes what becomes of new orders.
It needs dynamodb:GetItem and dynamodb:PutItem on the table of checkpoints, sns:Publish on the topic of notifications
and kms:GenerateDataKey and kms:Decrypt on its key.

Exit status: 0 halted, and people were told; 1 it was halted already, or nobody could be told; 2 nothing was changed.`,
  )
  .action((environment, reason, options) => run(2, () => halt(environment, reason, options)));

void main(program);
