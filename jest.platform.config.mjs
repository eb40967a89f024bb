import { availableParallelism } from "node:os";
import base from "./jest.config.mjs";

/** The running platform, with faults, kills and every command: `npm run test:platform`. */
export default {
  ...base,
  // More than half of the time of these they wait: for queues, gates and time limits.
  maxWorkers: 2 * availableParallelism(),
  testMatch: ["<rootDir>/test/platform/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/test/platform/end-to-end"],
};
