import type { LocalService } from "../service";
import { logs } from "./api";
import { logsBackend } from "./backend";

/** Log groups are declared for the cloud; here each function has its file. */
export const resources = {};

export const service: LocalService = {
  api: logs,
  start: ({ data, deployment }) => ({ backend: logsBackend(data.logs, deployment) }),
};
