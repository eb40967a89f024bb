/** The command that sends a file of orders. */
import { extname } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { command, run } from "../../lib/command";
import { submitJson } from "./json-file";
import { submitRows } from "./rows-file";
import { endpointOf, targetAt } from "./target";
import { wrong } from "./tell";

const FORMATS = ["json", "csv", "ndjson"] as const;
type Format = (typeof FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};

export const program = command("submit")
  .description("send a file of orders, and print what became of each")
  .argument(
    "<file>",
    '{"orders": [{"order_id": 1, "product": "Product1", "power": 2}, …]}, or CSV or NDJSON of any size; - reads JSON from standard input',
  )
  .option("--endpoint <url>", "the API to send to", "http://127.0.0.1:3000")
  .addOption(new Option("--format <format>", "of the file (default: by its extension)").choices(FORMATS))
  .option("--region <region>", "to sign for (default: the endpoint's own, or AWS_REGION)")
  .addHelpText(
    "after",
    `
Environment: ORDERS_TOKEN, a bearer token for an API that asks for one; AWS credentials sign requests to a
remote endpoint (and to this machine's, where AWS_ACCESS_KEY_ID is set). It prints whether and as whom it signs.

CSV has a header of order_id, product and power, and of whatever else an order may say; NDJSON an order a line.
What became of each is written to FILE.outcomes.csv, batch after batch. The same command goes on where it ended,
and sends what is not stored yet; Ctrl-C ends it after the batch that it is at.

Sending a file twice is safe: an order already stored answers "replayed".

Exit status: 0 every order is stored; 1 some are not; 2 nothing was sent.`,
  );

type Options = ReturnType<typeof program.opts>;

const submit = (file: string, { endpoint: at, region, format: given }: Options): Promise<number> => {
  const endpoint = endpointOf(at);
  const to = () => targetAt(endpoint, region);
  const format = given ?? BY_EXTENSION[extname(file).toLowerCase()] ?? "json";
  if (format === "json") return submitJson(file, to);
  if (file === "-")
    throw wrong(`-: give a file of ${format}: what becomes of its orders is written beside it`);
  return submitRows(file, format, to);
};

program.action((file, options) => run(2, () => submit(file, options)));
