/**
 * Of a value that JSON.stringify refuses, what pino asks of safe-stable-stringify: what leads back to itself, or lies
 * too deep, is named in its place.
 */
export const configure =
  ({ maximumDepth }: { readonly maximumDepth: number }) =>
  (value: unknown): string | undefined => {
    const above: unknown[] = [];
    return JSON.stringify(value, function (this: unknown, _, inner: unknown) {
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (typeof inner === "bigint") return String(inner);
      if (typeof inner !== "object" || inner === null) return inner;
      if (above.includes(inner)) return "[Circular]";
      if (above.length >= maximumDepth) return Array.isArray(inner) ? "[Array]" : "[Object]";
      above.push(inner);
      return inner;
    });
  };
