import { availableParallelism } from "node:os";

/** `npm test`: every part, and the running platform from end to end. swc only transforms; `tsc` checks the types. */
export default {
  // Many suites wait for what they started.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // No test fails because the machine is busy: this ends only what would never end.
  testTimeout: 900_000,
  testSequencer: "<rootDir>/test/support/sequencer.mjs",
  globalSetup: "<rootDir>/test/support/shared-aws.mjs",
  testEnvironment: "<rootDir>/test/support/environment.mjs",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "\\.(terraform|browser)\\.test\\.ts$",
    "/test/platform/(?!end-to-end)",
  ],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/cdktf.out/", "<rootDir>/.local/"],
  // ES modules, which jest's own module system needs as CommonJS.
  transformIgnorePatterns: [
    "/node_modules/(?!(change-case|index-to-position|jose|ky|leven|openapi-typescript|parse-json|supports-color)/)",
  ],
  transform: {
    "^.+\\.m?[jt]s$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2023" } }],
  },
};
