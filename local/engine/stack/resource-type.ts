import * as E from "fp-ts/Either";
import type * as t from "io-ts";
import { isArray, isObject, type Json, type JsonObject } from "../../json";
import { firstFault } from "./block";
import type { Declaration } from "./read-stack";
import { StartError } from "../../start-error";
import type { Location } from "../location";

/** What computed attributes are made of. */
export type Deployment = Location & {
  /** The gateway, `http://127.0.0.1:4566`. */
  readonly awsUrl: string;
  /** The base URL of a declared HTTP API, by its address in the stack. */
  readonly apiUrl: (address: string) => string;
};

/** What the local platform does with a resource type. */
export type Entry<A> = {
  /** Decodes what it acts on. An attribute it neither acts on nor ignores is a StartError by name. */
  readonly read: (declaration: Declaration) => A;
  /** What exists only once the resource does. */
  readonly attributes: (declaration: Declaration, deployment: Deployment) => JsonObject;
  /** The attributes it ignores on purpose, each with the reason. */
  readonly ignores: Readonly<Record<string, string>>;
};

type Named<A> = { readonly address: string; readonly config: A };

const without = (value: Json, path: ReadonlyArray<string>): Json => {
  const [key, ...rest] = path;
  if (isArray(value)) return value.map((item) => without(item, path));
  if (!isObject(value) || key === undefined || !(key in value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]): ReadonlyArray<[string, Json]> =>
      name !== key ? [[name, item]] : rest.length === 0 ? [] : [[name, without(item, rest)]],
    ),
  );
};

export const entry = <A>(
  config: t.Type<A, unknown>,
  ignores: Readonly<Record<string, string>> = {},
  attributes: (resource: Named<A>, deployment: Deployment) => JsonObject = () => ({}),
): Entry<A> => {
  const ignored = Object.keys(ignores).map((name) => name.split("."));
  const read = (declaration: Declaration): A => {
    const acted = ignored.reduce<Json>(without, declaration.config);
    const decoded = config.decode(acted);
    if (E.isLeft(decoded)) throw new StartError(`${declaration.address}: ${firstFault(decoded.left)}`);
    return decoded.right;
  };
  return {
    ignores,
    read,
    attributes: (declaration, deployment) =>
      attributes({ address: declaration.address, config: read(declaration) }, deployment),
  };
};

/** A short stable identifier where AWS makes one up: the same name gives the same one at every start. */
export const identifier = (address: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(address))
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(36).padStart(13, "0").slice(-10);
};

export const FILES = "files on this machine are not encrypted by the platform";
export const METADATA = "a description changes nothing that runs";
export const TRACING = "nothing is traced locally";
