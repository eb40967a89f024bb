import type { LocalService } from "../service";
import { ssm } from "./api";
import { loadParameters, parameterNames, parametersBackend } from "./parameters";

export const resources = {};

export const service: LocalService = {
  api: ssm,
  start: ({ stack, data, parameters, deployment: { region, account }, webhookUrl }) => ({
    backend: parametersBackend(
      loadParameters(data.parameters, parameterNames(stack), parameters),
      { region, account, webhookUrl },
      data.parameters,
    ),
  }),
};
