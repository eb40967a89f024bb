import { statSync } from "node:fs";
import type { LocalService } from "../service";
import { states } from "./api";
import { executionStore } from "./executions";
import { localMachine, STATE_METRICS } from "./state-machine";
import { stepFunctionsBackend } from "./step-functions-api";
import { resources } from "./resources";

export { resources } from "./resources";

export const service: LocalService = {
  api: states,
  assumptions: (stack) =>
    stack(resources.aws_sfn_state_machine).map(({ address, config, attribute }) => ({
      where: `${address}: role_arn`,
      role: config.role_arn,
      service: "states.amazonaws.com",
      sourceArn: attribute("arn"),
    })),
  measures: STATE_METRICS,
  start: ({ stack, data, client, activity, metrics }) => {
    const machines = stack(resources.aws_sfn_state_machine).map((machine) =>
      localMachine(machine, executionStore(data.executions, machine.config.name), client, activity, metrics),
    );
    return {
      backend: stepFunctionsBackend(machines, statSync(data.marker).birthtimeMs),
      run: () => {
        for (const machine of machines) machine.resume();
      },
      pause: () => {
        for (const machine of machines) machine.suspend();
      },
    };
  },
};
