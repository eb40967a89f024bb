import base from "./jest.config.mjs";

/** The console in a real browser: `npm run test:console`. */
export default {
  ...base,
  testMatch: ["<rootDir>/test/console/**/*.browser.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
