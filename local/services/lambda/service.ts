import type { LocalService } from "../service";
import { lambda } from "./api";
import { asynchronousInvocations } from "./asynchronous";
import { startEventSources } from "./event-sources";
import { lambdaBackend, startFunctions } from "./functions";
import { LAMBDA_METRICS } from "./measured";
import { functionPolicies } from "./policies";
import type { Consumer } from "../sqs/consumer";
import { resources } from "./resources";

export { resources } from "./resources";

/** How long functions may finish what they are doing when the platform stops. */
const GRACE_MS = 800;

export const service: LocalService = {
  api: lambda,
  policies: functionPolicies,
  measures: LAMBDA_METRICS,
  assumptions: (stack) =>
    stack(resources.aws_lambda_function).map(({ address, config }) => ({
      where: `${address}: role`,
      role: config.role,
      service: "lambda.amazonaws.com",
      // Lambda states no source when it assumes a role.
      sourceArn: undefined,
    })),
  start: (context) => {
    const functions = startFunctions(context);
    const asynchronous = asynchronousInvocations(context, functions);
    const consumers: Consumer[] = [];
    return {
      backend: lambdaBackend(functions, asynchronous.enqueue),
      create: asynchronous.makeQueues,
      run: () => {
        consumers.push(...startEventSources(context, functions), ...asynchronous.start());
      },
      pause: async () => {
        await Promise.all(consumers.map((consumer) => consumer.stop(GRACE_MS)));
      },
      swap: functions.swap,
      stop: functions.stop,
    };
  },
};
