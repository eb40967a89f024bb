/** `npm run logs -- ENVIRONMENT FUNCTION`: the log of a function, local or in AWS. */
import { styleText } from "node:util";
import { CloudWatchLogsClient, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { command, Ended, failure, main, run } from "../lib/command";
import { isAbout, jsonLine, type Paint, patternOf, textLine, type Wanted } from "./logs/line";
import { functionOf, orderId, requestId, since } from "./logs/options";
import { followLog, logGroup, readLog } from "./logs/read";
import { awsSettings, operated, orUnreachable } from "./operated";

const program = command("logs")
  .description("print the log of a function, as text on a terminal and as JSON lines elsewhere")
  .argument("<environment>", "the name of a file in environments/")
  .argument("<function>", "the name of a folder in functions/, such as submit-orders")
  .option("-f, --follow", "go on with what is logged from now on, until Ctrl-C", false)
  .option("--order <id>", "only lines about this order")
  .option("--request <id>", "only lines of this request or invocation")
  .option("--since <time>", "a span such as 90s, 10m, 1h or 2d, or an instant", "10m")
  .option("--json", "each line as it was logged, also on a terminal")
  .option("--no-json", "text, also where it is no terminal")
  .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)")
  .addHelpText(
    "after",
    `
Times are UTC. It needs logs:FilterLogEvents for the function's log group.

Exit status: 0 printed, if only nothing; 2 the log could not be read.`,
  );

type Options = ReturnType<typeof program.opts>;

const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

/** Whoever reads may stop reading (| head): then there is nobody to follow the log for. */
const whileRead = (): AbortSignal => {
  const ended = new AbortController();
  process.stdout.once("error", () => ended.abort());
  return ended.signal;
};

const print = async (named: string, functionName: string, options: Options): Promise<number> => {
  const environment = operated(named);
  const group = logGroup(environment.name, functionOf(environment, functionName));
  const wanted: Wanted = {
    ...(options.order === undefined ? {} : { order: orderId(options.order) }),
    ...(options.request === undefined ? {} : { request: requestId(options.request) }),
  };
  const query = { group, from: since(options.since, Date.now()), ...patternOf(wanted) };
  const settings = awsSettings(environment, options.endpoint);
  const logs = new CloudWatchLogsClient(settings);
  const isWanted = isAbout(wanted);
  const isText = options.json === undefined ? process.stdout.isTTY : !options.json;
  const lines = options.follow ? followLog(logs, query, whileRead()) : readLog(logs, query);
  let printed = 0;
  try {
    for await (const event of lines) {
      if (!isWanted(event)) continue;
      console.log(isText ? textLine(event, paint) : jsonLine(event));
      printed += 1;
    }
  } catch (thrown) {
    if (thrown instanceof ResourceNotFoundException)
      throw new Ended(
        failure(
          2,
          `${group}: there is no such log in ${environment.region}; is ${environment.name} deployed?`,
        ),
      );
    throw orUnreachable(settings, thrown);
  }
  if (printed === 0 && !options.follow)
    console.error(
      `${group}: no such line since ${new Date(query.from).toISOString()}; --since 1d looks further back`,
    );
  return 0;
};

void main(program.action((environment, name, options) => run(2, () => print(environment, name, options))));
