import type { ComputedAttributes, Resolved } from "../engine/stack/resolve";
import { StartError } from "../start-error";
import { declaredOnly, declaredOnlyAttributes } from "./ignored-resources";
import type { Deployment, Entry } from "../engine/stack/resource-type";

/** What the local platform can run, by resource type: each service's own, put together. */
export type Catalog = Readonly<Record<string, Entry<unknown>>>;

export type ConfigOf<E> = E extends Entry<infer A> ? A : never;

/** A declared resource, its configuration decoded and free of references. */
export type Declared<A> = {
  readonly address: string;
  readonly config: A;
  /** What others refer to by name, as text: `arn`, `url`, `id`. */
  readonly attribute: (name: string) => string;
};

/** A stack's resources of one type, in the order they are written. */
export type DeclaredStack = <A>(type: Entry<A>) => ReadonlyArray<Declared<A>>;

/** The attributes of a resource that exist once it does; a type that cannot be run is a StartError. */
export const computedAttributes =
  (catalog: Catalog, deployment: Deployment): ComputedAttributes =>
  (declaration) => {
    const { type, address, config } = declaration;
    const known = catalog[type];
    if (known !== undefined) return known.attributes(declaration, deployment);
    if (type in declaredOnly) return declaredOnlyAttributes(type, address, config, deployment);
    throw new StartError(`${address}: the local platform cannot run an ${type}`);
  };

export const declaredStack = (catalog: Catalog, resolved: ReadonlyMap<string, Resolved>): DeclaredStack => {
  const byType = Map.groupBy(resolved.values(), ({ type }) => catalog[type]);
  return (type) =>
    (byType.get(type) ?? []).map((resource) => ({
      address: resource.address,
      config: type.read(resource),
      attribute: (name) => {
        const value = resource.attributes[name];
        if (typeof value === "string") return value;
        throw new StartError(`${resource.address}: has no ${name}`);
      },
    }));
};
