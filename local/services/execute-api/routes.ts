export type Match = { readonly pathParameters: Readonly<Record<string, string>> };

type Pattern = { readonly method: string; readonly segments: ReadonlyArray<string> };

const parse = (routeKey: string): Pattern | undefined => {
  const [method, path] = routeKey.split(" ", 2);
  return method === undefined || path === undefined ? undefined : { method, segments: segmentsOf(path) };
};

const segmentsOf = (path: string): ReadonlyArray<string> => path.split("/").slice(1);

const match = ({ segments }: Pattern, path: ReadonlyArray<string>): Match | undefined => {
  const pathParameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const name = /^\{([^}]+)\}$/.exec(segment)?.[1];
    if (name?.endsWith("+") === true) {
      const rest = path.slice(index);
      if (rest.length === 0) return undefined;
      return { pathParameters: { ...pathParameters, [name.slice(0, -1)]: rest.join("/") } };
    }
    const actual = path[index];
    if (actual === undefined) return undefined;
    if (name === undefined ? actual !== segment : actual === "") return undefined;
    if (name !== undefined) pathParameters[name] = actual;
  }
  return path.length === segments.length ? { pathParameters } : undefined;
};

/** Written-out segments before variables before the rest; a named method before ANY. */
const rank = ({ method, segments }: Pattern): string =>
  segments.map((segment) => (segment.endsWith("+}") ? "2" : segment.startsWith("{") ? "1" : "0")).join("") +
  (method === "ANY" ? "1" : "0");

/**
 * Finds the route for a request as an HTTP API does: the most specific one, `$default` if there is none.
 * @param path decoded, e.g. `/orders/7`
 */
export const router = <A>(routes: ReadonlyArray<{ readonly routeKey: string; readonly value: A }>) => {
  const patterns = routes
    .flatMap(({ routeKey, value }) => {
      const pattern = parse(routeKey);
      return pattern === undefined ? [] : [{ pattern, value }];
    })
    .sort((a, b) => (rank(a.pattern) < rank(b.pattern) ? -1 : 1));
  const fallback = routes.find(({ routeKey }) => routeKey === "$default");
  return (method: string, path: string): (Match & { readonly value: A }) | undefined => {
    const segments = segmentsOf(path);
    for (const { pattern, value } of patterns) {
      if (pattern.method !== "ANY" && pattern.method !== method) continue;
      const found = match(pattern, segments);
      if (found !== undefined) return { ...found, value };
    }
    return fallback === undefined ? undefined : { pathParameters: {}, value: fallback.value };
  };
};
