import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformStack } from "cdktf";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import type { Environment } from "../../environments/environment";
import { loadEnvironments } from "../../environments/load";
import { synthesized } from "../../stacks/app";
import { OrdersStack } from "../../stacks/orders-stack";
import { inTemporaryFolder } from "./in-temporary-folder";

const Attributes = t.record(t.string, t.unknown);
export type Attributes = t.TypeOf<typeof Attributes>;

const Synthesized = t.intersection([
  t.type({ resource: t.record(t.string, t.record(t.string, Attributes)) }),
  t.partial({
    output: t.record(t.string, Attributes),
    terraform: Attributes,
    provider: t.record(t.string, t.unknown),
  }),
]);

/** What a stack declares, as Terraform reads it. */
export class Declared {
  readonly text: string;
  private readonly json: t.TypeOf<typeof Synthesized>;

  constructor(text: string) {
    const decoded = Synthesized.decode(JSON.parse(text));
    if (isLeft(decoded)) throw new Error("the stack declares no resource");
    this.text = text;
    this.json = decoded.right;
  }

  /** The resources of a type, by name. */
  all(type: string): Readonly<Record<string, Attributes>> {
    return this.json.resource[type] ?? {};
  }

  /** The attributes of one resource, without cdktf's own remarks. */
  one(address: string): Attributes {
    const [type = "", name = ""] = address.split(".");
    const found = this.all(type)[name];
    if (found === undefined)
      throw new Error(`${address} is not declared; there are: ${this.addresses().join(", ")}`);
    return Object.fromEntries(Object.entries(found).filter(([key]) => key !== "//"));
  }

  addresses(): ReadonlyArray<string> {
    return Object.entries(this.json.resource)
      .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
      .sort();
  }

  get outputs(): ReadonlyArray<string> {
    return Object.keys(this.json.output ?? {}).sort();
  }

  get terraform(): Attributes {
    return this.json.terraform ?? {};
  }

  get provider(): unknown {
    return this.json.provider;
  }
}

const synthesize = (
  outdir: string,
  build: (app: App) => ReadonlyArray<TerraformStack>,
): ReadonlyArray<Declared> => {
  let stacks: ReadonlyArray<TerraformStack> = [];
  synthesized(outdir, (app) => (stacks = build(app)));
  return stacks.map(
    ({ node: { id } }) => new Declared(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")),
  );
};

/** What some constructs declare, in a stack of their own with Terraform's usual names. */
export const declaredBy = (build: (stack: TerraformStack, bundle: string) => void): Declared =>
  inTemporaryFolder((folder) => {
    const bundle = join(folder, "bundle.zip");
    writeFileSync(bundle, "bundle");
    const [declared] = synthesize(join(folder, "out"), (app) => {
      const stack = new TerraformStack(app, "test");
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      build(stack, bundle);
      return [stack];
    });
    if (declared === undefined) throw new Error("no stack");
    return declared;
  });

/** What one stack declares that needs no bundles. */
export const declaredStack = (build: (app: App) => TerraformStack): Declared =>
  inTemporaryFolder((folder) => {
    const [declared] = synthesize(join(folder, "out"), (app) => [build(app)]);
    if (declared === undefined) throw new Error("no stack");
    return declared;
  });

export const shippedEnvironments = (): ReadonlyArray<Environment> => {
  const loaded = loadEnvironments("environments");
  if (isLeft(loaded)) throw new Error(loaded.left.join("\n"));
  return loaded.right;
};

/** Every file in environments/ is one. */
export const shippedNames = shippedEnvironments().map(({ name }) => name);
export const deployedNames = shippedNames.filter((name) => name !== "local");

/** What the shipped environments declare, by name; with stand-ins for the bundles, which are built elsewhere. */
export const declaredEnvironments = (
  environments: ReadonlyArray<Environment> = shippedEnvironments(),
): ReadonlyMap<string, Declared> =>
  inTemporaryFolder((folder) => {
    for (const name of Object.keys(environments[0]?.functions ?? {}))
      writeFileSync(join(folder, `${name}.zip`), name);
    const declared = synthesize(join(folder, "out"), (app) =>
      environments.map((environment) => new OrdersStack(app, environment, folder)),
    );
    return new Map(
      environments.flatMap(({ name }, index) => {
        const stack = declared[index];
        return stack === undefined ? [] : [[name, stack] as const];
      }),
    );
  });

/** What one of the shipped environments declares. */
export const declaredEnvironment = (name: string): Declared => {
  const declared = declaredEnvironments(shippedEnvironments().filter((one) => one.name === name)).get(name);
  if (declared === undefined) throw new Error(`there is no environment ${name}`);
  return declared;
};

/** An attribute that holds JSON, such as a policy. */
export const parsed = (value: unknown): unknown => JSON.parse(t.string.is(value) ? value : "null");
