import type { LocalService } from "../service";
import { sts } from "./api";
import { stsBackend } from "./backend";

export const resources = {};

export const service: LocalService = {
  api: sts,
  start: ({ deployment }) => ({ backend: stsBackend(deployment.account) }),
};
