/** The console, in a thread of its own: another program, which looks at the platform through its AWS endpoint. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import * as t from "io-ts";
import { OPERATOR_KEY } from "./engine/gateway/callers";
import { root } from "./paths";
import type { Platform } from "./platform";
import { StartError } from "./start-error";

/** Its port, and where that may be another one: `off` for none. */
export type ConsolePort = { readonly port: number; readonly orAny: boolean };

export const CONSOLE_PORT: ConsolePort = { port: 3080, orAny: true };

const FromConsole = t.union([
  t.type({ url: t.string }),
  t.type({ taken: t.literal(true) }),
  t.type({ failed: t.string }),
]);

/** What a page asks of the platform itself, for AWS has no API that tells it; answered under the question's number. */
const Question = t.union([
  t.type({ ask: t.number, of: t.literal("permissions") }),
  t.type({ ask: t.number, of: t.literal("faults") }),
  t.type({ ask: t.number, of: t.literal("switch"), rule: t.string, on: t.boolean }),
]);
type Question = t.TypeOf<typeof Question>;

type Shown = Pick<Platform, "awsUrl" | "stackFolder" | "decisions" | "faults"> & {
  readonly notifications: string;
};

const answerOf = ({ decisions, faults }: Shown, question: Question): unknown => {
  switch (question.of) {
    case "permissions":
      return decisions();
    case "faults":
      return faults.switches();
    case "switch":
      return faults.set(question.rule, question.on);
  }
};

export type Console = {
  readonly url: string;
  /** The port it was to have, where another program has that. */
  readonly taken?: number;
  /** Requests wait until it knows what it shows. */
  readonly show: (shown: Shown) => void;
};

const open = (port: number): Promise<Console | "taken"> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(join(root, "dist", "console-thread.js"), {
      workerData: { consolePort: port },
      env: {},
    });
    worker.once("error", reject);
    worker.once("message", (message: unknown) => {
      if (!FromConsole.is(message)) reject(new StartError("the console said what nobody understands"));
      else if ("failed" in message) reject(new StartError(`--console-port ${port}: ${message.failed}`));
      else if ("taken" in message) resolve("taken");
      else
        resolve({
          url: message.url,
          show: (shown) => {
            worker.on("message", (asked: unknown) => {
              if (Question.is(asked)) worker.postMessage({ answer: asked.ask, body: answerOf(shown, asked) });
            });
            worker.postMessage({
              stack: shown.stackFolder,
              aws: { endpoint: shown.awsUrl, credentials: OPERATOR_KEY },
              notifications: shown.notifications,
            });
          },
        });
    });
  });

/** A taken port is a StartError, unless any other one will do. */
export const openConsole = async ({ port, orAny }: ConsolePort): Promise<Console> => {
  const opened = await open(port);
  if (opened !== "taken") return opened;
  if (!orAny)
    throw new StartError(
      `--console-port ${port}: taken by another program; name a free port, 0 for any free one, or off`,
    );
  const other = await open(0);
  if (other === "taken")
    throw new StartError("the console found no free port; start with --console-port off");
  return { ...other, taken: port };
};
