import process from "node:process";
import base from "./jest.config.mjs";

// As in test/terraform: Terraform and its provider make much garbage and keep little.
process.env.GOGC = "800";

/** The tests that deploy with the real Terraform: `npm run test:deploy`. */
export default {
  ...base,
  testMatch: ["<rootDir>/test/deploy/**/*.terraform.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
