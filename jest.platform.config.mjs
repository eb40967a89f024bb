import base from "./jest.config.mjs";

/** The running platform, with faults, kills and every command: `npm run test:platform`. */
export default {
  ...base,
  testMatch: ["<rootDir>/test/platform/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/test/platform/end-to-end"],
};
