import { join } from "node:path";

/** The project, seen from `local/` and from `dist/` alike: both stand directly below it. */
export const root = join(__dirname, "..");

/** The built platform: what every thread of it runs (see main.ts), a test's platform included. */
export const program = join(root, "dist", "local.js");

/** Where a data folder keeps what; every file of the platform is below it. */
export const inDataFolder = (data: string) => ({
  lock: join(data, "lock"),
  stack: join(data, "stack"),
  tables: join(data, "dynamodb"),
  queues: join(data, "queues"),
  buckets: join(data, "buckets"),
  bundles: join(data, "bundles"),
  logs: join(data, "logs"),
  executions: join(data, "executions"),
  schedules: join(data, "schedules.json"),
  parameters: join(data, "parameters.json"),
  notifications: join(data, "notifications.jsonl"),
});

export type DataPaths = ReturnType<typeof inDataFolder>;
