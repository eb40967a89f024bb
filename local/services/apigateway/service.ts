import type { LocalService } from "../service";
import { apiGateway, apiGatewayBackend } from "./api";

/** What it tells of is declared and served in execute-api/. */
export const resources = {};

export const service: LocalService = {
  api: apiGateway,
  start: ({ stack }) => ({ backend: apiGatewayBackend(stack) }),
};
