import { existsSync, readFileSync } from "node:fs";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import type { Context } from "../context";
import type { SlackPost } from "../shapes";

/** A line of the stand-in for Slack: what it was sent, and when. */
const Sent = t.type({
  at: t.string,
  message: t.type({ blocks: t.array(t.type({ text: t.type({ text: t.string }) })) }),
});

const NEWEST = 200;

/** None of a line that is being written. */
const parsed = (line: string): ReadonlyArray<SlackPost> => {
  const value = jsonOrUndefined(line);
  return Sent.is(value) ? [{ at: value.at, blocks: value.message.blocks.map(({ text }) => text.text) }] : [];
};

/** The newest announcements, the newest first; undefined where Slack itself was sent them. */
export const listAnnouncements = ({
  notifications: file,
}: Pick<Context, "notifications">): ReadonlyArray<SlackPost> | undefined => {
  if (file === undefined) return undefined;
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(-NEWEST).flatMap(parsed).toReversed();
};
