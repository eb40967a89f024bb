import base from "./jest.config.mjs";

/** The tests that deploy with the real Terraform: `npm run test:deploy`. */
export default {
  ...base,
  testMatch: ["<rootDir>/test/deploy/**/*.terraform.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
