import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import type { Context } from "aws-lambda";
import { type FromFunction, type FunctionError, Invocation, monotonicMs } from "./protocol";

const tell = (message: FromFunction): void => parentPort?.postMessage(message);

const errorOf = (thrown: unknown): FunctionError =>
  thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? "").split("\n") }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };

/** No callbacks: Lambda drops them from Node.js 24 on. */
const contextOf = ({
  requestId,
  deadline,
  functionArn,
}: Invocation): Omit<Context, "done" | "fail" | "succeed"> => {
  const environment = process.env;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "",
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn,
    memoryLimitInMB: environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] ?? "",
    awsRequestId: requestId,
    logGroupName: environment["AWS_LAMBDA_LOG_GROUP_NAME"] ?? "",
    logStreamName: environment["AWS_LAMBDA_LOG_STREAM_NAME"] ?? "",
    getRemainingTimeInMillis: () => Math.max(deadline - monotonicMs(), 0),
  };
};

/** Runs a bundle's handler (`index.handler`), one invocation after the other, as a Lambda environment does. */
export const run = ({ bundle, handler }: { readonly bundle: string; readonly handler: string }): void => {
  const [file = "index", name = "handler"] = handler.split(".");
  const loaded: unknown = createRequire(`${bundle}/`)(`${bundle}/${file}.js`);
  const handle: unknown = Reflect.get(Object(loaded), name);
  if (typeof handle !== "function") throw new Error(`${handler} is undefined or not exported`);

  parentPort?.on("message", (message: unknown) => {
    if (!Invocation.is(message)) return;
    // Inside a promise, a handler that throws at once is one that rejects.
    new Promise((resolve) => {
      resolve(Reflect.apply(handle, undefined, [JSON.parse(message.payload), contextOf(message)]));
    }).then(
      (answer) => tell({ kind: "answer", payload: JSON.stringify(answer ?? null) }),
      (thrown: unknown) => tell({ kind: "error", error: errorOf(thrown) }),
    );
  });
  tell({ kind: "ready" });
};
