import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import ts from "typescript";
import { traceInTypeScript } from "../../local/engine/runtime/source-map";
import { builtFunctions } from "../../local/paths";
import { everySecond, grant, httpApi, lambda, newFolder, permission, role } from "./support/fixture";
import { runStack, type RunningStack } from "./support/running-stack";
import { until } from "./support/until";

const CALLERS = ["api", "queue", "machine", "schedule", "topic"] as const;

/** A function in TypeScript that throws in its fourth line, as a bundle with its source map. */
const broken = (name: string) => {
  const source = `
interface Order { readonly id: number }
type Unused = { readonly order: Order };
const planted = (): never => { throw new RangeError("planted in ${name}"); };
export const handler = async (_event: unknown): Promise<void> => { planted(); };
`;
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: `${name}.ts`,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, sourceMap: true },
  });
  return lambda(name, outputText, {}, sourceMapText);
};

let data: string;
let stack: RunningStack;

beforeAll(async () => {
  data = newFolder();
  stack = await runStack(
    [
      ...CALLERS.map(broken),
      httpApi({ "GET /orders": { target: "api" } }),
      permission("topic", "sns.amazonaws.com"),
      grant(
        "queue",
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "${aws_sqs_queue.work.arn}",
      ),
      role("states", "states.amazonaws.com"),
      grant("states", "lambda:InvokeFunction", "${aws_lambda_function.machine.arn}"),
      role("scheduler", "scheduler.amazonaws.com"),
      grant("scheduler", "lambda:InvokeFunction", "${aws_lambda_function.schedule.arn}"),
      {
        aws_sqs_queue: { work: { name: "work" } },
        aws_lambda_event_source_mapping: {
          work: {
            event_source_arn: "${aws_sqs_queue.work.arn}",
            function_name: "${aws_lambda_function.queue.arn}",
          },
        },
        aws_sns_topic: { news: { name: "news" } },
        aws_sns_topic_subscription: {
          topic: {
            topic_arn: "${aws_sns_topic.news.arn}",
            protocol: "lambda",
            endpoint: "${aws_lambda_function.topic.arn}",
          },
        },
        aws_sfn_state_machine: {
          machine: {
            name: "machine",
            role_arn: "${aws_iam_role.states.arn}",
            definition: JSON.stringify({
              StartAt: "Break",
              States: { Break: { Type: "Task", Resource: "${aws_lambda_function.machine.arn}", End: true } },
            }),
          },
        },
      },
      everySecond("schedule"),
    ],
    { data },
  );
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:eu-central-1:000000000000:${resource}`;
  await fetch(`${stack.apiUrl}/orders`);
  await new SQSClient(stack.client).send(
    new SendMessageCommand({ QueueUrl: `${stack.awsUrl}/000000000000/work`, MessageBody: "one" }),
  );
  await new SFNClient(stack.client).send(
    new StartExecutionCommand({ stateMachineArn: arn("states", "stateMachine:machine") }),
  );
  await new SNSClient(stack.client).send(
    new PublishCommand({ TopicArn: arn("sns", "news"), Message: "one" }),
  );
});
afterAll(async () => {
  await stack.stop();
});

describe.each(CALLERS)("an exception in a function that is called by %s", (name) => {
  const FRAME = `${name}.ts:4:38`;

  it("is shown in the terminal with its name, message and TypeScript stack", async () => {
    const shown = await until(
      () => stack.lines.filter((line) => line.includes(`  ${name}: `)).join("\n"),
      (text) => text.includes(FRAME),
    );
    expect(shown).toContain(`${name}: RangeError: planted in ${name}`);
    expect(shown).toMatch(new RegExp(`at planted \\(${FRAME}\\)`));
    expect(shown).toMatch(new RegExp(`at .*handler.*${name}\\.ts:5:`));
  });

  it("is in the function's log, with its whole stack", async () => {
    const log = await until(
      () => readFileSync(join(data, "logs", `${name}.log`), "utf8"),
      (text) => text.includes(FRAME),
    );
    expect(JSON.parse(log.split("\n").find((line) => line.includes(FRAME)) ?? "")).toMatchObject({
      level: "ERROR",
      message: {
        errorType: "RangeError",
        errorMessage: `planted in ${name}`,
        stackTrace: expect.arrayContaining([expect.stringContaining(FRAME)]),
      },
    });
  });
});

it.each(readdirSync(builtFunctions).filter((name) => !name.includes(".")))(
  "the map of %s is found by its code, and ends in its handler",
  (name) => {
    const bundle = newFolder();
    const file = join(bundle, "index.js");
    copyFileSync(join(builtFunctions, name, "index.js"), file);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n").length;
    const [frame] = traceInTypeScript(bundle, builtFunctions)([`    at handler (${file}:${lines}:1000000)`]);
    expect(frame).toMatch(new RegExp(`^    at handler \\(functions/${name}/handler\\.ts:\\d+:\\d+\\)$`));
  },
);
