import type { LocalService } from "../service";
import { dynamodb } from "./api";
import { dynalite } from "./server";
import { makeTables } from "./tables";

export { resources } from "./resources";

export const service: LocalService = {
  api: dynamodb,
  server: dynalite,
  start: ({ client, stack, forward }) => ({
    backend: forward(dynalite),
    create: () => makeTables(client, stack),
  }),
};
