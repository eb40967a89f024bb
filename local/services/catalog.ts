import { type ComputedAttributes, type Resolved } from "../engine/stack/resolve";
import { StartError } from "../start-error";
import { declaredOnly, declaredOnlyAttributes } from "./ignored-resources";
import { resources as dynamodb } from "./dynamodb/resources";
import { resources as executeApi } from "./execute-api/resources";
import { resources as iam } from "./iam/resources";
import { resources as kms } from "./kms/resources";
import { resources as lambda } from "./lambda/resources";
import { resources as s3 } from "./s3/resources";
import { resources as scheduler } from "./scheduler/resources";
import { resources as sns } from "./sns/resources";
import { resources as sqs } from "./sqs/resources";
import { resources as states } from "./states/resources";
import type { Entry, Deployment } from "../engine/stack/resource-type";

/** Every resource type the local platform can run. A type in neither table is an error by name. */
const all = {
  ...dynamodb,
  ...executeApi,
  ...iam,
  ...kms,
  ...lambda,
  ...s3,
  ...scheduler,
  ...sns,
  ...sqs,
  ...states,
};

type ResourceType = keyof typeof all;
type Config<T extends ResourceType> = ReturnType<(typeof all)[T]["read"]>;

const catalog: { readonly [T in ResourceType]: Entry<Config<T>> } = all;

/** A declared resource, its configuration decoded and free of references. */
export type Declared<T extends ResourceType> = {
  readonly address: string;
  readonly config: Config<T>;
  /** What others refer to by name, as text: `arn`, `url`, `id`. */
  readonly attribute: (name: string) => string;
};

export type DeclaredStack = <T extends ResourceType>(type: T) => ReadonlyArray<Declared<T>>;

const isKnown = (type: string): type is ResourceType => type in catalog;

/** The attributes of a resource that exist once it does; a type that cannot be run is a StartError. */
export const computedAttributes =
  (deployment: Deployment): ComputedAttributes =>
  (declaration) => {
    const { type, address, config } = declaration;
    if (isKnown(type)) return catalog[type].attributes(declaration, deployment);
    if (type in declaredOnly) return declaredOnlyAttributes(type, address, config, deployment);
    throw new StartError(`${address}: the local platform cannot run an ${type}`);
  };

/** The stack by resource type, in the order it is written. */
export const declaredStack = (resolved: ReadonlyMap<string, Resolved>): DeclaredStack => {
  const byType = Map.groupBy(resolved.values(), ({ type }) => type);
  return (type) =>
    (byType.get(type) ?? []).map((resource) => ({
      address: resource.address,
      config: catalog[type].read(resource),
      attribute: (name) => {
        const value = resource.attributes[name];
        if (typeof value === "string") return value;
        throw new StartError(`${resource.address}: has no ${name}`);
      },
    }));
};
