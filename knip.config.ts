import process from "node:process";
import type { KnipConfig } from "knip";

/** `knip`: no export that no other file uses; `knip --production`: none that only tests use. `!` marks what is no test. */
export default {
  entry: [
    "main.ts!",
    "functions/*/handler.ts!",
    "cli/*.{ts,mts}!",
    "cli/{cdktf,cdktn}/run.mts!",
    "cli/build/stubs/*!",
    "local/main.ts!",
    "console/main.ts!",
    "console/page/main.tsx!",
    "local/{cli,function}.ts!",
    "local/services/*/thread.ts!",
    "local/services/dynamodb/store/level-export.ts!",
    "test/**/*.test.ts",
    "test/bench/*.ts",
    "test/security/{write,checkov}.ts",
    "test/console/screenshots.ts",
    "test/contract/contract.ts",
    "test/cli/build/lean/{bundle.mts,program.ts}",
    "test/terraform/suite.mts",
    "test/support/print-helps.mts",
    "test/platform/support/run-in-one.mts",
  ],
  project: ["**/*.{ts,tsx,mts}!", "!test/**!"],
  ignoreBinaries: ["terraform", "moto_server"],
  // A stub in the SDK's place uses what the SDK depends on, of the version that it came with; level is what dynalite asks for.
  ignoreDependencies: ["@smithy/core", "@aws-sdk/credential-provider-env", "level"],
  ignoreExportsUsedInFile: process.argv.includes("--production"),
} satisfies KnipConfig;
