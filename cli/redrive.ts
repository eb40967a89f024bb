/** `npm run redrive -- ENVIRONMENT`: moves dead letters back to the orders queue. */
import { SQSClient } from "@aws-sdk/client-sqs";
import { command, Ended, main, run, wrongUse } from "../lib/command";
import { progress } from "../lib/progress";
import { awsSettings, operated } from "./operated";
import { type DeadLetter, deadLetterQueue } from "./redrive/dead-letters";

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

const age = (seconds: number): string => {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3_600).toFixed(0)} h`;
};

/** A line a reason: how many messages have it, and how old the oldest is. */
const summary = (letters: ReadonlyArray<DeadLetter>): ReadonlyArray<string> =>
  [...Map.groupBy(letters, ({ reason }) => reason)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, same]) => {
      const oldest = Math.max(...same.map(({ ageSeconds }) => ageSeconds));
      return `${String(same.length).padStart(8)}  ${reason}, the oldest ${age(oldest)} old`;
    });

type Options = { readonly endpoint?: string | undefined; readonly dryRun: boolean };

const redrive = async (named: string | undefined, { endpoint: given, dryRun }: Options): Promise<number> => {
  const name = named ?? (given === undefined ? undefined : "local");
  if (name === undefined) throw new Ended(wrongUse("expected an ENVIRONMENT; see npm run redrive -- --help"));
  const sqs = new SQSClient(awsSettings(operated(name), given));

  const queue = await deadLetterQueue(sqs, `${name}-orders`);
  const waiting = await queue.count();
  console.log(`${queue.name}: ${count(waiting, "message")}`);
  if (waiting === 0) return 0;
  if (dryRun) {
    const letters = await queue.look();
    summary(letters).forEach((line) => console.log(line));
    if (letters.length < waiting) console.log(`          (${letters.length} of them looked at)`);
    return 1;
  }

  const stayed: DeadLetter[] = [];
  let moved = 0;
  const shown = progress({ of: "messages looked at", total: waiting });
  try {
    for await (const batch of queue.move()) {
      moved += batch.moved.length;
      stayed.push(...batch.stayed);
      shown.at(moved + stayed.length);
    }
  } finally {
    shown.end();
  }
  console.log(`${count(moved, "message")} moved back to ${queue.source}`);
  if (stayed.length > 0) console.log(`${count(stayed.length, "message")} left in ${queue.name}:`);
  summary(stayed).forEach((line) => console.log(line));
  return stayed.length === 0 ? 0 : 1;
};

const program = command("redrive")
  .description(
    "show what is in the dead-letter queue of an environment's orders, and move it back, a few at a time",
  )
  .argument("[environment]", "the name of a file in environments/ (with an endpoint alone: local)")
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .option("--dry-run", "only show what is there", false)
  .addHelpText(
    "after",
    `
A message is deleted only once it was sent again. Messages that are no order messages stay where they are.

Exit status: 0 nothing is left that could be moved; 1 something is; 2 nothing was tried.`,
  )
  .action((environment, options) => run(2, () => redrive(environment, options)));

void main(program);
