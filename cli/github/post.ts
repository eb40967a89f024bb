/** What the workflows write under issues and pull requests: found again by a mark that no reader sees. */
import * as t from "io-ts";

export const Post = t.intersection([
  t.type({ body: t.union([t.string, t.null, t.undefined]) }),
  t.partial({ user: t.union([t.type({ type: t.string }), t.null]) }),
]);
export type Post = t.TypeOf<typeof Post>;

export const markOf = (name: string): string => `<!-- orders-platform: ${name} -->`;

/** Anybody may paste the mark into a text of their own; that must not be overwritten. */
export const isOurs =
  (mark: string) =>
  ({ body, user }: Post): boolean =>
    user?.type === "Bot" && (body ?? "").startsWith(mark);
