/** `npm run audit-trail -- ENVIRONMENT --from DAY --to DAY`: what happened to each order, as the archive proves it. */
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { runOf } from "../functions/domain/archive";
import { command, Ended, main, run, wrongUse } from "../lib/command";
import { oneLine } from "../lib/text";
import { compare, unproven } from "./audit-trail/check";
import { archivedOrders, type Span } from "./audit-trail/read";
import { csvLine, HEADER, jsonLine } from "./audit-trail/row";
import { ordersIn } from "./audit-trail/table";
import { awsSettings, operated, orUnreachable } from "./operated";

/** Contradictions that are printed; the files have them all. */
const PRINTED = 20;
const OBJECTS_A_LINE = 500;

const program = command("audit-trail")
  .description(
    "write what happened to each order that ended in a span, out of the archive, checked against the table",
  )
  .argument("<environment>", "the name of a file in environments/")
  .requiredOption("--from <day>", "the first day (UTC), YYYY-MM-DD")
  .requiredOption("--to <day>", "the last day")
  .option("--out <folder>", "where the two files are written", ".")
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .addHelpText(
    "after",
    `
It writes ENVIRONMENT-FROM-TO.csv, and .ndjson with each order's whole history. A text that a spreadsheet would run as
a formula has a ' before it in the CSV. It may: s3:ListBucket, s3:GetObject, dynamodb:BatchGetItem, dynamodb:Query.

Exit status: 0 written, and nothing contradicts it; 1 written, and the contradictions are listed; 2 not written.`,
  );

type Options = ReturnType<typeof program.opts>;

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toString() !== "Invalid Date";

const spanOf = ({ from, to }: Options): Span => {
  const wrong = [from, to].find((day) => !isDay(day));
  if (wrong !== undefined) throw new Ended(wrongUse(`${wrong}: expected a day, YYYY-MM-DD`));
  if (from > to) throw new Ended(wrongUse(`--from ${from} is after --to ${to}`));
  return { from, to };
};

/** A file that has its name only once it is whole. */
const open = (path: string) => {
  const stream: WriteStream = createWriteStream(`${path}.partial`);
  return {
    line: async (text: string): Promise<void> => {
      if (!stream.write(`${text}\n`)) await once(stream, "drain");
    },
    close: async (): Promise<void> => {
      stream.end();
      await once(stream, "close");
      await rename(`${path}.partial`, path);
    },
  };
};

const auditTrail = async (named: string, options: Options): Promise<number> => {
  const span = spanOf(options);
  const environment = operated(named);
  const settings = awsSettings(environment, options.endpoint);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const dynamo = new DynamoDBClient(settings);
  const table = `${named}-orders`;
  const bucket = `${named}-orders-archive-${environment.account_id}`;

  await mkdir(options.out, { recursive: true });
  const name = join(options.out, `${named}-${span.from}-${span.to}`);
  const csv = open(`${name}.csv`);
  const json = open(`${name}.ndjson`);
  await csv.line(HEADER);

  const counts = { same: 0, forgotten: 0, elsewhere: 0, contradiction: 0 };
  const complain = (what: string): void => {
    counts.contradiction += 1;
    if (counts.contradiction <= PRINTED) console.log(oneLine(what));
  };
  const keys = new Set<string>();
  // What the table has forgotten may stand in two objects of sweeps; of no others.
  const swept = new Set<number>();
  for await (const { key, records } of archivedOrders(s3, bucket, span)) {
    keys.add(key);
    if (keys.size % OBJECTS_A_LINE === 0) console.log(`${keys.size} objects read …`);
    const found = await ordersIn(
      dynamo,
      table,
      records.map(({ order_id }) => order_id),
    );
    for (const record of records) {
      const verdict = compare(record, found.get(record.order_id));
      if (verdict._tag === "contradiction")
        complain(`order ${record.order_id}, ${record.status} in ${key}: ${verdict.why}`);
      else counts[verdict._tag] += 1;
      // It has its line where the table says that it stands.
      if (verdict._tag === "elsewhere") continue;
      if (verdict._tag === "forgotten" && runOf(key) === undefined) {
        if (swept.has(record.order_id)) continue;
        swept.add(record.order_id);
      }
      await csv.line(csvLine(record, verdict));
      await json.line(jsonLine(record, verdict));
    }
  }
  for await (const { order_id, status, key } of unproven(dynamo, table, span, keys))
    complain(
      `order ${order_id}, ${status} in the table: ${key === undefined ? "is not archived (yet: the next sweep does)" : `there is no object ${key}`}`,
    );
  await Promise.all([csv.close(), json.close()]);

  const { same, forgotten, contradiction } = counts;
  console.log(
    `${keys.size} objects; ${same} orders as the table has them, ${forgotten} that the table has forgotten, ${contradiction} contradictions`,
  );
  if (contradiction > PRINTED)
    console.log(`(the first ${PRINTED} are shown, ${name}.csv has those of the archive)`);
  console.log(`${name}.csv\n${name}.ndjson`);
  return contradiction === 0 ? 0 : 1;
};

void main(
  program.action((environment, options) =>
    run(2, async () => {
      try {
        return await auditTrail(environment, options);
      } catch (thrown) {
        throw orUnreachable(awsSettings(operated(environment), options.endpoint), thrown);
      }
    }),
  ),
);
