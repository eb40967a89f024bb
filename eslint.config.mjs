import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Imports run one way (see README): each folder names the folders it must not know. */
const layer = (files, forbidden, why, forbiddenRegex, whyRegex) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: "^(fp-ts|io-ts)/(lib|es6)/",
            message: "Import by module name (fp-ts/Either): a second path is a second copy in the bundle.",
          },
          { group: forbidden, message: why },
          ...(forbiddenRegex === undefined ? [] : [{ regex: forbiddenRegex, message: whyRegex }]),
        ],
      },
    ],
  },
});

const OUTSIDE_CONSOLE = [
  "**/cli/**",
  "**/environments/**",
  "**/functions/**",
  "**/local/**",
  "**/modules/**",
  "**/stacks/**",
];

export default tseslint.config(
  { ignores: ["dist/**", "cdktf.out/**", ".local/**", "coverage/**", "node_modules/**"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // A type and its codec share one name (io-ts); tokens of cdktf are strings in templates.
      "@typescript-eslint/no-redeclare": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(fp-ts|io-ts)/(lib|es6)/",
              message: "Import by module name (fp-ts/Either): a second path is a second copy in the bundle.",
            },
            {
              regex: "^@cdktf/provider-aws/?$",
              message: "Import one resource (…/lib/sqs-queue): the index costs seconds.",
            },
          ],
        },
      ],
    },
  },
  layer(
    ["lib/**"],
    [
      "**/cli/**",
      "**/console/**",
      "**/environments/**",
      "**/functions/**",
      "**/local/**",
      "**/modules/**",
      "**/stacks/**",
    ],
    "Every folder may use lib, and lib uses none of them.",
  ),
  layer(
    ["console/**"],
    OUTSIDE_CONSOLE,
    "The console looks at a system through its synthesized stack and AWS's APIs: it knows no code of the project but lib.",
  ),
  layer(
    ["console/page/**"],
    [
      ...OUTSIDE_CONSOLE,
      "**/lib/**",
      "**/aws/**",
      "**/reads/**",
      "**/server/**",
      "**/system/**",
      "@aws-sdk/*",
      "node:*",
    ],
    "A page knows the shapes of what the server answers, and nothing of how.",
  ),
  layer(
    ["functions/**"],
    ["**/stacks/**", "**/modules/**", "**/local/**"],
    "A function knows no infrastructure.",
  ),
  layer(
    ["functions/domain/**"],
    ["**/ports/**", "**/adapters/**", "@aws-sdk/*", "node:*", "pino"],
    "The domain does no I/O: ask for it through a port.",
  ),
  layer(
    ["functions/ports/**"],
    ["**/adapters/**", "@aws-sdk/*", "pino"],
    "A port names a need, not a service.",
  ),
  layer(
    ["modules/**"],
    ["**/stacks/**", "**/functions/**", "**/local/**", "**/environments/**"],
    "A module is usable in another project: it knows nothing of orders.",
  ),
  layer(
    ["stacks/**"],
    ["**/local/**", "@aws-sdk/*"],
    "The stack declares.",
    "/functions/(?!([^/]+/)?contract$|tables$|metrics$|auction-config$|domain/archive$)",
    "The stack knows bundles and contracts, not code.",
  ),
  layer(
    [
      "functions/contract.ts",
      "functions/*/contract.ts",
      "functions/tables.ts",
      "functions/domain/archive.ts",
    ],
    [
      "**/adapters/**",
      "**/ports/**",
      "**/edge/**",
      "**/http/**",
      "@aws-sdk/*",
      "@smithy/*",
      "node:*",
      "pino",
    ],
    "The stack imports it: it says what is agreed, and does nothing.",
  ),
  layer(
    ["local/**"],
    ["**/stacks/**", "**/modules/**", "**/functions/**", "**/console/**"],
    "The local platform reads the synthesized JSON and the built bundles only.",
  ),
  layer(
    ["local/engine/**"],
    ["**/services/**", "**/platform", "**/stacks/**", "**/modules/**", "**/functions/**"],
    "The engine knows no service by name: what it needs of one is in AwsService.",
  ),
  {
    files: ["local/engine/**"],
    // How a request is signed differs for S3 alone, and the signature is checked before any service is asked.
    ignores: ["local/engine/iam/sigv4/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "Literal[value=/^(dynamodb|execute-api|iam|kms|lambda|s3|scheduler|sns|sqs|ssm|states|sts)$/]",
          message: "The engine knows no service by name: what it needs of one is in AwsService.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.name=/^(mkdtemp|mkdtempSync)$/]",
          message: "Use temporaryFolder of test/support: it removes the folder however the tests end.",
        },
        {
          selector: "CallExpression[callee.name=/^(spawn|execFile|exec|fork)$/]",
          message: "Use run of test/support/process, or startProcess: nothing they start outlives the tests.",
        },
      ],
    },
  },
  // jest's asymmetric matchers are typed any.
  { files: ["test/**"], rules: { "@typescript-eslint/no-unsafe-assignment": "off" } },
  { files: ["**/*.mjs"], ignores: ["cli/**"], extends: [tseslint.configs.disableTypeChecked] },
  // The compiler knows its globals, as those of TypeScript.
  { files: ["cli/*.mjs"], rules: { "no-undef": "off" } },
);
