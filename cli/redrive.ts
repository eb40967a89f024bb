/**
 * `npm run redrive -- <environment>|--endpoint URL [--dry-run]`: shows what is in the dead-letter queue of an
 * environment's orders, then moves it back, a few at a time. A message is deleted only once it was sent again.
 */
import { parseArgs } from "node:util";
import { SQSClient } from "@aws-sdk/client-sqs";
import { isLeft } from "fp-ts/Either";
import { environmentNamed } from "./environment-named";
import { type DeadLetter, deadLetterQueue } from "./redrive/dead-letters";

const USAGE = `Usage: npm run redrive -- ENVIRONMENT [--endpoint URL] [--dry-run]

  ENVIRONMENT     dev, staging, prod or local: the name of a file in environments/
                  (with an endpoint alone: local)
  --endpoint URL  the AWS endpoint (default: AWS's own; for local http://127.0.0.1:4566)
  --dry-run       only show what is there

Messages that are no order messages stay where they are: sending them again would bring them back.

Exit status: 0 nothing is left that could be moved; 1 something is; 2 nothing was tried.`;

class UsageError extends Error {}

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

const redrive = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      endpoint: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  const [name = values.endpoint === undefined ? undefined : "local", ...others] = positionals;
  if (name === undefined || others.length > 0) throw new UsageError(`expected one ENVIRONMENT\n\n${USAGE}`);
  const found = environmentNamed(name, process.env["ORDERS_ENVIRONMENTS"] ?? "environments");
  if (isLeft(found)) throw new UsageError(found.left);
  const environment = found.right;
  const endpoint =
    values.endpoint ?? environment.endpoint ?? (name === "local" ? "http://127.0.0.1:4566" : undefined);
  const sqs = new SQSClient({
    region: environment.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(name === "local" ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
  });

  const queue = await deadLetterQueue(sqs, `${name}-orders`);
  const waiting = await queue.count();
  console.log(`${queue.name}: ${count(waiting, "message")}`);
  if (waiting === 0) return 0;
  if (values["dry-run"]) {
    const letters = await queue.look();
    summary(letters).forEach((line) => console.log(line));
    if (letters.length < waiting) console.log(`          (${letters.length} of them looked at)`);
    return 1;
  }

  const stayed: DeadLetter[] = [];
  let moved = 0;
  for await (const batch of queue.move()) {
    moved += batch.moved.length;
    stayed.push(...batch.stayed);
    console.log(`moved ${moved} of ${waiting}${stayed.length === 0 ? "" : `, ${stayed.length} stay`}`);
  }
  console.log(`${count(moved, "message")} moved back to ${queue.source}`);
  if (stayed.length > 0) console.log(`${count(stayed.length, "message")} left in ${queue.name}:`);
  summary(stayed).forEach((line) => console.log(line));
  return stayed.length === 0 ? 0 : 1;
};

const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? error.name : error.message;
};

redrive().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`redrive: ${explain(error)}`);
    process.exitCode = 2;
  },
);
