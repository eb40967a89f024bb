/** Everything around `npm run deploy`: a folder with an environment and its stack, and where its state is. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { backendOf } from "../../../environments/backend";
import { Environment } from "../../../environments/environment";
import { addRelease } from "../../../stacks/release";
import { type Server, startServer } from "../cloud/server";
import { type Finished, run } from "../../support/process";
import { temporaryFolder } from "../../support/temporary-folder";

export const ORGANIZATION = "energy";
export const WORKSPACE = "orders-dev";
const ADMIN = "a-token-of-an-administrator";
export const PLANNER = "a-token-that-may-plan";
export const WRITER = "a-token-that-may-apply";

export type World = {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs `npm run deploy -- …`, as built. */
  readonly deploy: (
    args: ReadonlyArray<string>,
    options?: {
      readonly env?: NodeJS.ProcessEnv;
      readonly onOutput?: (stdout: string, interrupt: () => void) => void;
    },
  ) => Promise<Finished>;
  /** Writes the stack of dev: these blocks beside the one of its backend. */
  readonly write: (stack: Readonly<Record<string, unknown>>) => void;
  /** The content of a file of the folder. */
  readonly read: (file: string) => string;
  readonly end: () => Promise<void>;
};

/** @param changes of `environments/dev.json`, among them its backend */
export const makeWorld = (changes: Readonly<Record<string, unknown>>): World => {
  const folder = temporaryFolder("deploy");
  const home = join(folder, "home");
  for (const one of [join(home, ".terraform.d"), join(folder, "environments")])
    mkdirSync(one, { recursive: true });
  const dev: unknown = {
    ...(JSON.parse(readFileSync("environments/dev.json", "utf8")) as object),
    ...changes,
  };
  if (!Environment.is(dev)) throw new Error("the changes make no environment");
  writeFileSync(join(folder, "environments", "dev.json"), JSON.stringify(dev));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // Nobody's own configuration changes what is tested.
    TF_CLI_CONFIG_FILE: undefined,
    ORDERS_ENVIRONMENTS: undefined,
    INIT_CWD: folder,
    HOME: home,
    CHECKPOINT_DISABLE: "1",
  };
  return {
    folder,
    env,
    deploy: (args, { env: extra = {}, onOutput } = {}) =>
      run(process.execPath, [resolve("dist/deploy.js"), ...args], {
        cwd: folder,
        env: { ...env, ...extra },
        seconds: 240,
        ...(onOutput === undefined ? {} : { onOutput }),
      }),
    write: (stack) => {
      const at = join(folder, "cdktf.out", "stacks", "dev");
      mkdirSync(at, { recursive: true });
      writeFileSync(
        join(at, "cdk.tf.json"),
        JSON.stringify({ terraform: backendOf(dev), resource: {}, ...stack }),
      );
      // The folder is no checkout: nothing tells its commit.
      addRelease(at, { version: "1.0.0", commit: "unknown", bundles: "none" });
    },
    read: (file) => readFileSync(join(folder, file), "utf8"),
    end: () => {
      return Promise.resolve();
    },
  };
};

export type CloudWorld = World & {
  readonly server: Server;
  /** From now on commands have this token, or none. */
  readonly login: (token: string | undefined) => void;
};

/** An environment in a workspace of an HCP-compatible server. */
export const makeCloudWorld = async (): Promise<CloudWorld> => {
  const served = temporaryFolder("deploy-server");
  const server = await startServer({
    folder: served,
    organization: ORGANIZATION,
    tokens: { [ADMIN]: "admin", [PLANNER]: "plan", [WRITER]: "write" },
    env: { ...process.env, TF_CLI_CONFIG_FILE: undefined },
  });
  server.store.addWorkspace(ORGANIZATION, WORKSPACE);
  const world = makeWorld({
    backend: { type: "cloud", organization: ORGANIZATION, workspace: WORKSPACE, hostname: server.host },
  });
  const certificate = join(world.folder, "localhost.pem");
  writeFileSync(certificate, server.certificate.cert);
  const login = (token: string | undefined): void =>
    writeFileSync(
      join(world.folder, "home", ".terraform.d", "credentials.tfrc.json"),
      JSON.stringify({ credentials: token === undefined ? {} : { [server.host]: { token } } }),
    );
  login(ADMIN);
  return {
    ...world,
    server,
    login,
    deploy: (args, options = {}) =>
      world.deploy(args, { ...options, env: { SSL_CERT_FILE: certificate, ...options.env } }),
    end: async () => {
      await server.stop();
      await world.end();
    },
  };
};
