import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { compileFunction, constants } from "node:vm";
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

/** A bundle names no source map: for a debugger, its code is compiled with the name at its end. */
const loadFor = (sourceMap: string | undefined, bundle: string, file: string): unknown => {
  const require = createRequire(`${bundle}/`);
  const filename = `${bundle}/${file}.js`;
  if (sourceMap === undefined) return require(filename);
  const code = `${readFileSync(filename, "utf8")}\n//# sourceMappingURL=${pathToFileURL(sourceMap).href}`;
  const module = { exports: {} };
  compileFunction(code, ["exports", "require", "module", "__filename", "__dirname"], {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).call(module.exports, module.exports, require, module, filename, bundle);
  return module.exports;
};

/**
 * Runs a bundle's handler (`index.handler`), one invocation after the other, as a Lambda environment does.
 * @param sourceMap leads a debugger from the bundle to its TypeScript
 */
export const run = ({
  bundle,
  handler,
  sourceMap,
}: {
  readonly bundle: string;
  readonly handler: string;
  readonly sourceMap: string | undefined;
}): void => {
  const [file = "index", name = "handler"] = handler.split(".");
  const loaded = loadFor(sourceMap, bundle, file);
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
