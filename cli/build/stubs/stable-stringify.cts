/** For json-stable-stringify, and the shims for old engines that it brings: what cdktf asks of it. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

const stringify = (value: unknown, { space }: { readonly space: number }): string =>
  JSON.stringify(value, inOrder, space);
export = stringify;
