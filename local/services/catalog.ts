import { type ComputedAttributes, type Resolved } from "../engine/stack/resolve";
import { StartError } from "../start-error";
import { declaredOnly, declaredOnlyAttributes } from "./ignored-resources";
import { resources } from "./services";
import type { Entry, Deployment } from "../engine/stack/resource-type";

type ResourceType = keyof typeof resources;
type Config<T extends ResourceType> = ReturnType<(typeof resources)[T]["read"]>;

const catalog: { readonly [T in ResourceType]: Entry<Config<T>> } = resources;

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
