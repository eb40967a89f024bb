import base from "./jest.config.mjs";

/** The tests that execute runs with the real Terraform: `npm run test:hcp`. */
export default {
  ...base,
  testMatch: ["<rootDir>/test/hcp/**/*.terraform.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 180_000,
};
