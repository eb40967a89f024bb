import { join } from "node:path";
import type { FunctionName } from "../environments/environment";
import { Function } from "../modules/function";
import type { EnvironmentStack } from "./environment-stack";

export type FunctionFactory = (name: FunctionName, variables: Readonly<Record<string, string>>) => Function;

/** Makes the environment's functions: bundle, size and limits by name, the variables every one has. */
export const functionFactory = (stack: EnvironmentStack, bundles: string): FunctionFactory => {
  const { environment } = stack;
  return (name, variables) => {
    const { memory_mb, timeout_seconds, concurrency } = environment.functions[name];
    return new Function(stack, name, {
      name: `${environment.name}-${name}`,
      accountId: environment.account_id,
      bundle: join(bundles, `${name}.zip`),
      memoryMb: memory_mb,
      timeoutSeconds: timeout_seconds,
      ...(concurrency === undefined ? {} : { concurrency }),
      environment: { ENVIRONMENT: environment.name, LOG_LEVEL: "info", ...variables },
      logRetentionDays: environment.retention.logs_days,
    });
  };
};
