import { devNull } from "node:os";
import type { ConfigOf } from "../catalog";
import type { Credentials } from "../../engine/gateway/callers";
import type { resources } from "./resources";

export const DEFAULT_TIMEOUT_SECONDS = 3;
export const DEFAULT_MEMORY_MB = 128;

/** Variables Lambda itself sets; a stack may not, and AWS refuses one that does. */
const RESERVED =
  /^(AWS_REGION|AWS_DEFAULT_REGION|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_LAMBDA_|_HANDLER|LAMBDA_)/;

export const reservedVariable = (
  config: ConfigOf<typeof resources.aws_lambda_function>,
): string | undefined => Object.keys(config.environment?.variables ?? {}).find((name) => RESERVED.test(name));

/**
 * A function's whole environment: what is declared, what Lambda sets, and the one thing that is different here,
 * where AWS is. Nothing of this machine's: not its variables, not its owner's AWS profile.
 */
export const environmentOf = (
  { function_name: name, handler, memory_size, environment }: ConfigOf<typeof resources.aws_lambda_function>,
  region: string,
  awsUrl: string,
  credentials: Credentials,
): Record<string, string> => ({
  ...environment?.variables,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory_size ?? DEFAULT_MEMORY_MB),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: "local",
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
  _HANDLER: handler,
  TZ: ":UTC",
  AWS_ENDPOINT_URL: awsUrl,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
});
