import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import type { Context, LoggedFunction } from "../context";

/** A line as the functions' logger writes it. */
const Line = t.intersection([
  t.type({ event: t.string }),
  t.partial({
    level: t.string,
    order_id: t.number,
    request_id: t.string,
    execution: t.string,
    key: t.string,
    closed: t.string,
    raw: t.string,
    reason: t.string,
  }),
]);
type Line = t.TypeOf<typeof Line>;

export type LogLine = {
  readonly at: number;
  readonly by: string;
  readonly message: string;
  /** Its content, where it is JSON of our own. */
  readonly line: Line | undefined;
};

const parsed = (message: string): Line | undefined => {
  const value = jsonOrUndefined(message);
  return Line.is(value) ? value : undefined;
};

export type LogQuery = { readonly pattern: string; readonly from: number; readonly to: number };

/** How many pages one pattern reads, and lines of one function. */
const MOST_PAGES = 3;
const MOST_LINES = 1_000;

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && error.name === "ResourceNotFoundException";

/** The lines of a function's log, the oldest first; of a function that never wrote one, none. */
export const logLines = async (
  { aws }: Pick<Context, "aws">,
  { name, group }: LoggedFunction,
  { pattern, from, to }: LogQuery,
): Promise<ReadonlyArray<LogLine>> => {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer = await aws.logs.send(
        new FilterLogEventsCommand({
          logGroupName: group,
          ...(pattern === "" ? {} : { filterPattern: pattern }),
          startTime: from,
          endTime: to,
          limit: MOST_LINES,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      for (const { timestamp = 0, message = "" } of answer.events ?? [])
        lines.push({ at: timestamp, by: name, message, line: parsed(message) });
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return lines;
};

/** What a line says besides its event, its time, its level, its order, and what CloudWatch makes metrics by. */
const SAID = new Set(["level", "time", "environment", "function", "event", "order_id", "_aws"]);
const HIDDEN_LISTS = new Set(["stored", "order_ids", "request_ids", "replayed", "conflicts"]);

export const saidIn = (message: string): string => {
  const value: unknown = JSON.parse(message);
  return Object.entries(t.UnknownRecord.is(value) ? value : {})
    .filter(([name]) => !SAID.has(name) && !HIDDEN_LISTS.has(name))
    .map(([name, one]) => `${name} ${typeof one === "string" ? one : JSON.stringify(one)}`)
    .join(" · ");
};
