/** Where two sets of stacks differ, except where the fork has to differ. */

type Normalised = { readonly path: string; readonly ours: RegExp; readonly theirs: RegExp };

/** Nothing else may differ. */
const NORMALISED: ReadonlyArray<Normalised> = [
  // Each says which version it is.
  { path: "//.metadata.version", ours: /^"0\.21\.0"$/, theirs: /^"\d+\.\d+\.\d+"$/ },
  // The same provider: what has no namespace is HashiCorp's.
  { path: "terraform.required_providers.aws.source", ours: /^"aws"$/, theirs: /^"hashicorp\/aws"$/ },
  // The digest of all that, so it differs whenever the lines above do.
  { path: "output.release.value.stack", ours: /^"[0-9a-f]{64}"$/, theirs: /^"[0-9a-f]{64}"$/ },
];

const shown = (value: unknown): string => (value === undefined ? "(nothing)" : JSON.stringify(value));

const isNormalised = (path: string, one: unknown, other: unknown): boolean =>
  NORMALISED.some(
    ({ path: at, ours, theirs }) => at === path && ours.test(shown(one)) && theirs.test(shown(other)),
  );

const childrenOf = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;

const between = (path: string, one: unknown, other: unknown): ReadonlyArray<string> => {
  const [left, right] = [childrenOf(one), childrenOf(other)];
  if (left === undefined || right === undefined || Array.isArray(one) !== Array.isArray(other))
    return one === other || isNormalised(path, one, other)
      ? []
      : [`${path}: ${shown(one)} → ${shown(other)}`];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    between(path === "" ? key : `${path}.${key}`, left.get(key), right.get(key)),
  );
};

export type Stacks = ReadonlyMap<string, unknown>;

/** A line for each place: `dev: resource.aws_sqs_queue.orders.fifo_queue: true → (nothing)`. */
export const differences = (ours: Stacks, theirs: Stacks): ReadonlyArray<string> =>
  [...new Set([...ours.keys(), ...theirs.keys()])].sort().flatMap((name) => {
    if (!ours.has(name)) return [`${name}: only the fork's`];
    if (!theirs.has(name)) return [`${name}: only cdktf's`];
    return between("", ours.get(name), theirs.get(name)).map((line) => `${name}: ${line}`);
  });
