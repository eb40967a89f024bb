import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "./report.mts";
import type { Workspace } from "./workspace.mts";

/** Secrets as an operator creates them before the first deployment, with values that must never be seen again. */

const PLANTED = "pLaNtEdSeCrEt";

/** Every parameter an environment file names. */
const parametersOf = (environment: string): ReadonlyArray<string> => {
  const text = readFileSync(join("environments", `${environment}.json`), "utf8");
  return [...text.matchAll(/"\w+_parameter": "([^"]+)"/g)].map(([, name = ""]) => name);
};

export const plantSecrets = async (environment: string, endpoint: string): Promise<void> => {
  const ssm = new SSMClient({
    endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const names = parametersOf(environment);
  expect(names.length > 0, `environments/${environment}.json names no parameter`);
  for (const Name of names)
    await ssm.send(new PutParameterCommand({ Name, Type: "SecureString", Value: `${PLANTED}${Name}` }));
};

/** Neither the state after apply nor what was synthesized holds one. */
export const noSecretIn = async (workspace: Workspace): Promise<void> => {
  const { code, output } = await workspace.terraform(["state", "pull"], 60);
  expect(code === 0 && !output.includes('"aws_ssm_parameter"'), output.slice(-500));
  expect(output.includes('"resources"'), "the state could not be read");
  const synthesized = readFileSync(join(workspace.folder, "cdk.tf.json"), "utf8");
  expect(!output.includes(PLANTED) && !synthesized.includes(PLANTED), "a planted secret stands in the state");
};
