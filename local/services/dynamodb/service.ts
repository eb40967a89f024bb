import type { LocalService } from "../service";
import { dynamodb } from "./api";
import { TABLE_METRICS } from "./metrics";
import { dynalite } from "./server";
import { makeTables } from "./tables";

export { resources } from "./resources";

export const service: LocalService = {
  api: dynamodb,
  server: dynalite,
  measures: TABLE_METRICS,
  start: ({ client, stack, forward }) => ({
    backend: forward(dynalite),
    create: () => makeTables(client, stack),
  }),
};
