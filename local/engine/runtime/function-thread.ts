import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { constants } from "node:vm";
import { parentPort } from "node:worker_threads";
import type { Context } from "aws-lambda";
import { scriptOf } from "../../../lib/compiled";
import { compiledFunctions } from "../../paths";
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

const BEFORE = "(function (exports, require, module, __filename, __dirname) { ";

/**
 * A bundle's module. What the engine compiles of it is kept, so that the next environment, of whatever platform, finds
 * it compiled. A bundle names no source map: for a debugger, its code is compiled with the name at its end.
 */
const load = (sourceMap: string | undefined, bundle: string, file: string) => {
  const filename = `${bundle}/${file}.js`;
  const code = `${readFileSync(filename, "utf8")}${
    sourceMap === undefined ? "" : `\n//# sourceMappingURL=${pathToFileURL(sourceMap).href}`
  }`;
  const kept = join(compiledFunctions, createHash("sha256").update(code).digest("hex"));
  const { script, keep } = scriptOf(kept, `${BEFORE}${code}\n})`, {
    filename,
    columnOffset: -BEFORE.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  const require = createRequire(filename);
  const wrapper: unknown = script.runInThisContext();
  if (typeof wrapper !== "function") throw new Error(`${filename} is no module`);
  Reflect.apply(wrapper, module.exports, [module.exports, require, module, filename, bundle]);
  return {
    exported: module.exports,
    /** Once what is needed at the start has been compiled. */
    keepCompiled: keep,
  };
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
  const { exported, keepCompiled } = load(sourceMap, bundle, file);
  const handle: unknown = Reflect.get(Object(exported), name);
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
  keepCompiled();
};
