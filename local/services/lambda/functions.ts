import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsAnswer, AwsCall, Backend } from "../../engine/gateway/call";
import { AwsError } from "../../engine/gateway/errors";
import { builtFunctions } from "../../paths";
import type { JsonObject } from "../../json";
import type { StartContext } from "../service";
import { StartError } from "../../start-error";
import { unpack } from "../../engine/runtime/bundle";
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS, environmentOf, reservedVariable } from "./environment";
import { functionLogs } from "../../engine/runtime/function-logs";
import { functionPool } from "../../engine/runtime/function-pool";
import { operationIn } from "./api";
import { refuseLargeEvent, refuseLargeRequest, withinResponseLimit } from "./limits";
import { measured } from "./measured";
import { resources } from "./resources";

/** As Lambda writes it: `2026-11-27T02:00:00.000+0000`. */
const lambdaTime = (time: Date): string => time.toISOString().replace("Z", "+0000");

export const startFunctions = ({
  stack,
  stackFolder,
  deployment,
  data,
  keyring,
  faults,
  activity,
  metrics,
}: StartContext) => {
  const started = stack(resources.aws_lambda_function).map(({ address, config, attribute }) => {
    const reserved = reservedVariable(config);
    if (reserved !== undefined)
      throw new StartError(
        `${address}: environment.variables: ${reserved} is Lambda's own, AWS refuses to set it`,
      );
    const name = config.function_name;
    const logs = functionLogs(data.logs, name, (text) => activity.complaint(name, text), metrics.put);
    const timeoutSeconds = config.timeout ?? DEFAULT_TIMEOUT_SECONDS;
    const runnable = {
      bundle: unpack(address, resolve(stackFolder, config.filename), config.source_code_hash, data.bundles),
      handler: config.handler,
      env: environmentOf(config, deployment.region, deployment.awsUrl, keyring.credentialsOf(config.role)),
      memoryMb: config.memory_size ?? DEFAULT_MEMORY_MB,
      timeoutSeconds,
    };
    // Terraform's -1 is: nothing reserved.
    const concurrency = config.reserved_concurrent_executions ?? -1;
    return {
      name,
      arn: attribute("arn"),
      role: config.role,
      logs,
      timeoutSeconds,
      deadLetterArn: config.dead_letter_config?.target_arn,
      /** The bundle's name, `place-orders.zip`. */
      archive: basename(config.filename),
      /** As Lambda describes it. */
      configuration: {
        FunctionName: name,
        FunctionArn: attribute("arn"),
        Role: config.role,
        Runtime: config.runtime,
        Handler: config.handler,
        Timeout: timeoutSeconds,
        MemorySize: runnable.memoryMb,
        CodeSha256: config.source_code_hash ?? "",
        CodeSize: statSync(resolve(stackFolder, config.filename)).size,
        LastModified: lambdaTime(statSync(runnable.bundle).mtime),
        Environment: { Variables: config.environment?.variables ?? {} },
        PackageType: "Zip",
        Version: "$LATEST",
        State: "Active",
        LastUpdateStatus: "Successful",
      },
      pool: measured(
        functionPool(
          runnable,
          concurrency < 0 ? undefined : concurrency,
          logs,
          () => faults.forInvocation({ function: name }).killAfterMs,
        ),
        name,
        metrics,
      ),
    };
  });
  const byName = new Map(
    started.flatMap((local) => [[local.name, local] as const, [local.arn, local] as const]),
  );
  return {
    all: started,
    find: (nameOrArn: string) => byName.get(nameOrArn) ?? byName.get(nameOrArn.replace(/:\$LATEST$/, "")),
    /** Runs the function of a bundle, `place-orders`, from what was built of it since. */
    swap: (built: string): void => {
      const target = started.find(({ archive }) => archive === `${built}.zip`);
      if (target === undefined) return;
      target.pool.swap(unpack(target.name, join(builtFunctions, target.archive), undefined, data.bundles));
    },
    stop: async (): Promise<void> => {
      await Promise.all(
        started.map(async ({ pool, logs }) => {
          await pool.stop();
          await logs.close();
        }),
      );
    },
  };
};

/** The stack's functions, by name or ARN. */
export type Functions = ReturnType<typeof startFunctions>;
export type LocalFunction = Functions["all"][number];

const json = (body: JsonObject): AwsAnswer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify(body)),
});

const LOG_DELAY_MS = 100;

const invoke = async (
  target: LocalFunction,
  { headers, body }: AwsCall,
  enqueue: Enqueue,
): Promise<AwsAnswer> => {
  const payload = body.length === 0 ? "{}" : body.toString();
  if (headers["x-amz-invocation-type"] === "Event") {
    refuseLargeEvent(body);
    await enqueue(target, payload);
    return { status: 202, headers: {}, body: Buffer.alloc(0) };
  }
  const tail = headers["x-amz-log-type"] === "Tail" ? target.logs.tail() : undefined;
  refuseLargeRequest(body);
  const outcome = withinResponseLimit(await target.pool.invoke(target.arn, payload));
  // What a function wrote comes by another way than its answer, a moment later.
  if (tail !== undefined) await sleep(LOG_DELAY_MS);
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-amz-executed-version": "$LATEST",
      ...(tail === undefined ? {} : { "x-amz-log-result": Buffer.from(tail()).toString("base64") }),
      ...(outcome.kind === "error" ? { "x-amz-function-error": "Unhandled" } : {}),
    },
    body: Buffer.from(outcome.kind === "error" ? JSON.stringify(outcome.error) : outcome.payload),
  };
};

type Enqueue = (target: LocalFunction, payload: string) => Promise<void>;

/**
 * The part of Lambda's API that looks at functions and invokes them: `RequestResponse` runs the function and answers
 * with what it returned or threw, `Event` hands the event to the function's own queue.
 */
export const lambdaBackend =
  (functions: Functions, enqueue: Enqueue): Backend =>
  async (call) => {
    const [path = ""] = call.url.split("?", 1);
    const { operation, name } = operationIn(call.method, path);
    if (operation === undefined)
      throw new AwsError(
        "UnknownOperationException",
        `The local platform does not serve lambda ${call.method} ${path}`,
        400,
      );
    if (operation === "ListFunctions")
      return json({ Functions: functions.all.map(({ configuration }) => configuration) });
    const target = functions.find(name);
    if (target === undefined)
      throw new AwsError("ResourceNotFoundException", `Function not found: ${name}`, 404);
    switch (operation) {
      case "GetFunctionConfiguration":
        return json(target.configuration);
      case "GetFunction":
        return json({ Configuration: target.configuration, Tags: {} });
      default:
        return invoke(target, call, enqueue);
    }
  };
