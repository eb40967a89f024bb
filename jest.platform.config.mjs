import { availableParallelism } from "node:os";
import base from "./jest.config.mjs";

/** The running platform, with faults, kills and every command: `npm run test:platform`. */
export default {
  ...base,
  // They mostly wait for what they started.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testMatch: ["<rootDir>/test/platform/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/test/platform/end-to-end"],
};
