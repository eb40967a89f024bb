/** Where an environment is tried: an AWS emulator, and a temporary folder for everything that is written. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { Environment } from "../../environments/environment";
import { reasonOf } from "../../lib/thrown";
import type { Stack } from "../terraform/terraform";
import { startEmulator } from "./emulator.mts";

export type Place = {
  readonly endpoint: string;
  /** The account that the emulator believes it is. */
  readonly account: string;
  readonly folder: string;
  /** Ends the emulator, where it is this command's own, and removes the folder. */
  readonly remove: () => Promise<void>;
};

type Result<A> = TE.TaskEither<string, A>;

/** Nothing of this may ever reach an account: whatever this shell has for AWS is left out. */
export const useDummyKeys = (env: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(env)) if (name.startsWith("AWS_")) Reflect.deleteProperty(env, name);
  env["AWS_ACCESS_KEY_ID"] = "test";
  env["AWS_SECRET_ACCESS_KEY"] = "test";
  env["AWS_EC2_METADATA_DISABLED"] = "true";
};

const accountOf = (endpoint: string, region: string): Result<string> =>
  TE.tryCatch(
    async () => {
      const client = new STSClient({ endpoint, region, maxAttempts: 1 });
      const { Account } = await client.send(new GetCallerIdentityCommand({}));
      return Account ?? "";
    },
    (error) => `${endpoint}: no AWS emulator answers there: ${reasonOf(error)}`,
  );

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "orders-emulate-"));
  // Providers leave their sockets in the temporary folder: in ours they go with it.
  process.env["TMPDIR"] = folder;
  return folder;
};

/** @param given the endpoint of an emulator that runs already; none: one of our own is started */
export const openPlace = (given: string | undefined, { region }: Environment): Result<Place> =>
  pipe(
    given === undefined
      ? TE.tryCatch(
          () => startEmulator(process.env),
          (error) => (error instanceof Error ? error.message : String(error)),
        )
      : TE.right({ endpoint: given, stop: () => Promise.resolve() }),
    TE.flatMap(({ endpoint, stop }) =>
      pipe(
        accountOf(endpoint, region),
        TE.tapError(() => TE.fromTask(stop)),
        TE.map((account) => {
          const folder = newFolder();
          const remove = async (): Promise<void> => {
            await stop();
            rmSync(folder, { recursive: true, force: true });
          };
          return { endpoint, account, folder, remove };
        }),
      ),
    ),
  );

/** The folder of environment files of a place. */
export const filesIn = ({ folder }: Place): string => join(folder, "environments");

/**
 * Copies an environment's file to the place, changed as its own codec allows for an environment on an
 * AWS-compatible API: that API, its account, the state on disk. It comes from no other, and may be destroyed.
 */
export const copyTo = (place: Place, environment: Environment): void => {
  const copy: Environment = {
    ...environment,
    stand_in: true,
    endpoint: place.endpoint,
    account_id: place.account,
    backend: { type: "local" },
    ...(environment.deletion_protection ? { decommission: "it is on an emulator" } : {}),
  };
  mkdirSync(filesIn(place));
  writeFileSync(
    join(filesIn(place), `${copy.name}.json`),
    JSON.stringify({ ...Environment.encode(copy), promoted_from: undefined }),
  );
};

export const stackIn = ({ folder, endpoint }: Place, environment: string, say: Stack["say"]): Stack => ({
  environment,
  folder: join(folder, "out", "stacks", environment),
  env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
  say,
  finishes: true,
});
