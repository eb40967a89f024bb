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

/** GitHub takes 65,536 characters; the rest is for what stands around a block. */
const LONGEST = 60_000;

/** Lines shown as they are. The fence is longer than any run of backticks that they hold, so none ends it. */
export const block = (lines: ReadonlyArray<string>, longest = LONGEST): string => {
  const shown: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > longest) break;
    shown.push(line);
  }
  const more = lines.length - shown.length;
  if (more > 0) shown.push(`… and ${more} more`);
  const ticks = shown.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const fence = "`".repeat(Math.max(3, ...ticks.map((run) => run + 1)));
  return [fence, ...shown, fence].join("\n");
};
