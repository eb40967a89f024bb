/** Everything around the command: a server, an environment that lives there, a stack and a home with a token. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { makeCertificate } from "../server/certificate";
import { type Options, type Server, startServer } from "../server/server";
import { type Finished, run } from "./process";

export const ORGANIZATION = "energy";
export const WORKSPACE = "orders-dev";
const TOKEN = "a-token-of-the-test";

export type World = {
  readonly folder: string;
  /** The stack that is uploaded. */
  readonly stack: string;
  readonly server: Server;
  /** For processes that talk to the server. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs `npm run hcp -- …`, as built. */
  readonly hcp: (
    args: ReadonlyArray<string>,
    onOutput?: (stdout: string, interrupt: () => void) => void,
    env?: NodeJS.ProcessEnv,
  ) => Promise<Finished>;
  /** Writes the stack: these resources, and the `cloud` block of the environment. */
  readonly write: (
    resources: Readonly<Record<string, unknown>>,
    workspaces?: Readonly<Record<string, string>>,
  ) => void;
  readonly end: () => Promise<void>;
};

export const makeWorld = async (options: Pick<Options, "executor" | "before">): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), "hcp-"));
  const home = join(folder, "home");
  const stack = join(folder, "stack");
  const environments = join(folder, "environments");
  const served = join(folder, "server");
  for (const one of [join(home, ".terraform.d"), stack, environments, served])
    mkdirSync(one, { recursive: true });
  const certificate = await makeCertificate();
  const certificateFile = join(folder, "localhost.pem");
  writeFileSync(certificateFile, certificate.cert);
  const server = await startServer({
    ...options,
    folder: served,
    token: TOKEN,
    organization: ORGANIZATION,
    certificate,
  });
  server.store.addWorkspace(ORGANIZATION, WORKSPACE);
  writeFileSync(
    join(home, ".terraform.d", "credentials.tfrc.json"),
    JSON.stringify({ credentials: { [server.host]: { token: TOKEN } } }),
  );
  const dev: unknown = JSON.parse(readFileSync("environments/dev.json", "utf8"));
  const backend = { type: "cloud", organization: ORGANIZATION, workspace: WORKSPACE, hostname: server.host };
  writeFileSync(
    join(environments, "dev.json"),
    JSON.stringify({ ...(typeof dev === "object" ? dev : {}), backend }),
  );
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // Nobody's own configuration changes what is tested.
    TF_CLI_CONFIG_FILE: undefined,
    HOME: home,
    SSL_CERT_FILE: certificateFile,
    NODE_EXTRA_CA_CERTS: certificateFile,
    ORDERS_ENVIRONMENTS: environments,
    CHECKPOINT_DISABLE: "1",
  };
  return {
    folder,
    stack,
    server,
    env,
    hcp: (args, onOutput, extra = {}) =>
      run(
        process.execPath,
        [resolve("dist/hcp.js"), ...args.slice(0, 2), "--dir", stack, "--poll-ms", "50", ...args.slice(2)],
        { env: { ...env, ...extra }, seconds: 120, ...(onOutput === undefined ? {} : { onOutput }) },
      ),
    write: (resources, workspaces = { name: WORKSPACE }) =>
      writeFileSync(
        join(stack, "cdk.tf.json"),
        JSON.stringify({
          terraform: {
            cloud: { hostname: server.host, organization: ORGANIZATION, workspaces },
          },
          resource: { terraform_data: resources },
        }),
      ),
    end: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
