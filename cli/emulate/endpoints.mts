import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Terraform merges an override file into what it overrides: the stack stays as it was synthesized, and the endpoints
 * of its provider give way to AWS_ENDPOINT_URL. With a block of them the provider takes more than twice the time. Where
 * the variable is not set, the provider refuses AWS's answer: the stack names the emulator's account.
 */
export const leaveOutEndpoints = (folder: string): void =>
  writeFileSync(
    join(folder, "endpoint_override.tf.json"),
    JSON.stringify({ provider: { aws: { dynamic: { endpoints: { for_each: "${[]}", content: {} } } } } }),
  );
