/** A state is read from where the environment's stack keeps it. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backendOf } from "../../environments/backend";
import type { Environment } from "../../environments/environment";
import { synthesized } from "../../stacks/app";
import { OrdersStack } from "../../stacks/orders-stack";
import { shippedEnvironments } from "../support/synth";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder("backend");

const [shipped] = shippedEnvironments();
const of = (changes: Partial<Environment>): Environment => {
  if (shipped === undefined) throw new Error("no environment is shipped");
  return { ...shipped, ...changes };
};

const s3 = { type: "s3", bucket: "b", key: "k", region: "eu-central-1" } as const;

test.each([
  of({ backend: { type: "local" } }),
  of({ backend: s3 }),
  of({ backend: s3, stand_in: true, endpoint: "http://127.0.0.1:1" }),
  of({ backend: { type: "cloud", organization: "o", workspace: "w" } }),
  of({
    backend: {
      type: "cloud",
      organization: "o",
      workspace: "w",
      project: "p",
      hostname: "app.eu.terraform.io",
    },
  }),
])("$backend", (environment) => {
  for (const name of Object.keys(environment.functions)) writeFileSync(join(folder, `${name}.zip`), name);
  synthesized(join(folder, "out"), (app) => new OrdersStack(app, environment, folder));
  const stack = readFileSync(join(folder, "out", "stacks", environment.name, "cdk.tf.json"), "utf8");
  const { terraform } = JSON.parse(stack) as { readonly terraform: Readonly<Record<string, unknown>> };
  const { cloud, backend } = terraform;
  expect(cloud === undefined ? { backend } : { cloud }).toEqual(backendOf(environment));
});
