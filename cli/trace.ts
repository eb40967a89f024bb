/** `npm run trace -- ENVIRONMENT ORDER_ID`: the way of one order, with what each function logged of it. */
import { styleText } from "node:util";
import { command, main, run } from "../lib/command";
import { orderId } from "./logs/options";
import { awsSettings, operated, orUnreachable } from "./operated";
import { gather } from "./trace/gather";
import { tell } from "./trace/tell";

const trace = async (named: string, text: string, endpoint: string | undefined): Promise<number> => {
  const environment = operated(named);
  const id = orderId(text);
  const settings = awsSettings(environment, endpoint);
  const gathered = await gather(environment, settings, id).catch((thrown: unknown) => {
    throw orUnreachable(settings, thrown);
  });
  const told = tell(
    gathered,
    (style, part) => styleText(style, part, { stream: process.stdout }),
    environment.retention.logs_days,
  );
  told.text.forEach((line) => console.log(line));
  return told.missing.length === 0 ? 0 : 1;
};

const program = command("trace")
  .description(
    "show the way of one order: its request, messages, submission, result, archive object, announcement",
  )
  .argument("<environment>", "the name of a file in environments/")
  .argument("<order-id>", "the id of an order")
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .addHelpText(
    "after",
    `
Times are UTC. It reads the table, the functions' logs and the archive: dynamodb:GetItem, logs:FilterLogEvents,
s3:GetObject.

Exit status: 0 shown; 1 something that should be there is missing, which the text names; 2 nothing could be read.`,
  )
  .action((environment, id, { endpoint }) => run(2, () => trace(environment, id, endpoint)));

void main(program);
