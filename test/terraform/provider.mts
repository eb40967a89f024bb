import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The AWS provider as one process for all commands in a folder, which Terraform is told to use in place of one that
 * it starts: each command then neither hashes the provider's file of half a gigabyte, nor starts it, nor has it make
 * its schemas. Terraform's page "Debugging providers" describes how.
 */
type Provider = {
  /** For Terraform's commands. */
  readonly env: NodeJS.ProcessEnv;
  /** From now on the provider signs with this key. It reads it for each command. */
  readonly signWith: (accessKey: string) => void;
  readonly stop: () => Promise<void>;
};

/**
 * For commands that ask no provider, such as those on a stack whose runs are elsewhere: Terraform neither installs nor
 * hashes one that runs. Here is none, so that a command that asks it fails.
 */
export const NO_PROVIDER: NodeJS.ProcessEnv = {
  TF_REATTACH_PROVIDERS: JSON.stringify({
    "registry.terraform.io/hashicorp/aws": {
      Protocol: "grpc",
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "unix", String: "/nowhere" },
    },
  }),
};

/** The provider that `terraform init` installed in a folder: in it, one version for one platform. */
export const installedIn = (folder: string): string => {
  const path = ["providers", "registry.terraform.io", "hashicorp", "aws"];
  const versions = join(folder, ".terraform", ...path);
  const [version = ""] = readdirSync(versions);
  const [platform = ""] = readdirSync(join(versions, version));
  const files = readdirSync(join(versions, version, platform));
  const program = files.find((name) => name.startsWith("terraform-provider-aws")) ?? "";
  return join(versions, version, platform, program);
};

/** The provider ends with this process, however that ends: it is killed once nobody holds the shell's input. */
const UNTIL_INPUT_ENDS = '"$0" -debug </dev/null 2>/dev/null & exec >&-; read -r _; kill -9 $! 2>/dev/null';

/** No test fails because the machine is busy. */
const STARTED_WITHIN_MS = 300_000;

/**
 * @param program the provider
 * @param folder where Terraform runs: the paths in a stack are relative to it
 * @param given the environment for Terraform's processes
 */
const startProvider = async (
  program: string,
  folder: string,
  { AWS_ACCESS_KEY_ID: key = "", AWS_SECRET_ACCESS_KEY: secret, ...given }: NodeJS.ProcessEnv,
): Promise<Provider> => {
  const credentials = join(mkdtempSync(join(given["TMPDIR"] ?? "", "provider-")), "credentials");
  const signWith = (accessKey: string): void =>
    writeFileSync(
      credentials,
      `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secret ?? ""}\n`,
    );
  signWith(key);
  mkdirSync(folder, { recursive: true });
  const shell = spawn("/bin/sh", ["-c", UNTIL_INPUT_ENDS, program], {
    cwd: folder,
    // Its log would tell of each request, and is read by nobody.
    env: { ...given, AWS_SHARED_CREDENTIALS_FILE: credentials, TF_LOG_SDK: "off" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const late = setTimeout(() => shell.stdin.end(), STARTED_WITHIN_MS);
  const ended = new Promise((resolve) => shell.once("close", resolve));
  let said = "";
  const reattach = await new Promise<string>((resolve, reject) => {
    shell.once("error", reject);
    shell.stdout.setEncoding("utf8").on("data", (more: string) => {
      said += more;
      const found = /TF_REATTACH_PROVIDERS='(.+)'/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    shell.stdout.once("end", () => shell.stdin.end());
    void ended.then(() => reject(new Error(`the AWS provider does not run: ${said}`)));
  }).finally(() => clearTimeout(late));
  return {
    env: { TF_REATTACH_PROVIDERS: reattach },
    signWith,
    stop: async () => {
      shell.stdin.end();
      await ended;
    },
  };
};

/** Providers that run, one for each folder: one serves one command at a time, with the key that this signs with. */
export class Providers {
  private readonly program: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly running = new Map<string, Promise<Provider>>();

  /** @param env the environment for Terraform's processes */
  constructor(program: string, env: NodeJS.ProcessEnv) {
    this.program = program;
    this.env = env;
  }

  in(folder: string): Promise<Provider> {
    const provider = this.running.get(folder) ?? startProvider(this.program, folder, this.env);
    this.running.set(folder, provider);
    return provider;
  }

  async end(folder: string): Promise<void> {
    const provider = this.running.get(folder);
    this.running.delete(folder);
    await (await provider)?.stop();
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((folder) => this.end(folder)));
  }
}
