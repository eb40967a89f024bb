import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { INSTALL_MOTO } from "../../cli/emulate/emulator.mts";
import { run } from "./processes.mts";
import { installedIn } from "./provider.mts";

/** What the suite needs from outside, found, or said to be missing and how to get it. */

const PROVIDER = join("registry.terraform.io", "hashicorp", "aws");

const version = async (program: string, args: ReadonlyArray<string>): Promise<string | undefined> => {
  const { code, output } = await run(program, args, { cwd: process.cwd(), env: process.env, seconds: 30 });
  return code === 0 ? output.split("\n")[0] : undefined;
};

const folders = (parent: string): ReadonlyArray<string> => {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(parent, name));
  } catch {
    return [];
  }
};

/** Where Terraform itself looks for providers on disk, where people put them, and one folder below. */
const mirror = (): string | undefined => {
  const named = process.env["ORDERS_TF_PLUGIN_DIR"];
  if (named !== undefined) return named;
  const parents = [
    join(homedir(), ".terraform.d"),
    "/usr/local/share/terraform",
    "/usr/share/terraform",
    "/opt",
    "/usr/local/share",
  ];
  return parents.flatMap(folders).find((folder) => existsSync(join(folder, PROVIDER)));
};

/** Writes a CLI configuration of the suite's own, so that nobody's personal one changes what is tested. */
const configure = (folder: string): string => {
  const found = mirror();
  const file = join(folder, "terraform.tfrc");
  writeFileSync(
    file,
    found === undefined
      ? ""
      : `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(found)}\n  }\n}\n`,
  );
  return file;
};

/** A provider is had if `init` gets it: from a mirror on disk or from the registry. */
const providerReachable = async (folder: string, env: NodeJS.ProcessEnv): Promise<boolean> => {
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({
      terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100, < 7" } } },
    }),
  );
  return (await run("terraform", ["init", "-input=false"], { cwd: folder, env, seconds: 300 })).code === 0;
};

export type Tools = { readonly env: NodeJS.ProcessEnv; readonly provider: string };

/**
 * @param folder an empty folder to try things in
 * @returns the environment for Terraform's processes and the provider, or a line for each thing that is missing
 */
export const findTools = async (
  folder: string,
): Promise<Tools | { readonly missing: ReadonlyArray<string> }> => {
  const terraform = await version("terraform", ["version"]);
  const standIn = await version("moto_server", ["--help"]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TF_CLI_CONFIG_FILE: configure(folder),
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    // The provider makes much garbage and keeps little: collected later, each command takes a third less CPU.
    GOGC: "800",
    // Dummy keys: nothing of this may ever reach an account.
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CA_BUNDLE: "",
  };
  const provider = terraform !== undefined && (await providerReachable(folder, env));
  const missing = [
    ...(terraform === undefined
      ? ["terraform: install Terraform 1.10 or later (developer.hashicorp.com/terraform/install)"]
      : []),
    ...(standIn === undefined ? [`moto_server, the AWS emulator: ${INSTALL_MOTO}`] : []),
    ...(terraform !== undefined && !provider
      ? [
          "the AWS provider: reach the Terraform registry, or name a folder mirroring it in ORDERS_TF_PLUGIN_DIR",
        ]
      : []),
  ];
  return missing.length > 0 ? { missing } : { env, provider: installedIn(folder) };
};
