/** The log of a function, by the part of CloudWatch Logs' API that the local platform has too. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";

export type LogEvent = { readonly id: string; readonly timestamp: number; readonly message: string };

export type LogQuery = {
  readonly group: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to?: number;
  /** A filter pattern of CloudWatch Logs. */
  readonly pattern?: string;
};

/** CloudWatch may show a line only so long after it was written. */
const LATE_MS = 15_000;
const POLL_MS = 1_000;

export const logGroup = (environment: string, name: string): string => `/aws/lambda/${environment}-${name}`;

const logEvent = ({ eventId = "", timestamp = 0, message = "" }: FilteredLogEvent): LogEvent => ({
  id: eventId,
  timestamp,
  message: message.trimEnd(),
});

/** What the log holds now, the oldest first. */
export const readLog = async function* (
  logs: CloudWatchLogsClient,
  { group, from, to, pattern }: LogQuery,
): AsyncGenerator<LogEvent> {
  const pages = paginateFilterLogEvents(
    { client: logs },
    {
      logGroupName: group,
      startTime: from,
      ...(to === undefined ? {} : { endTime: to }),
      ...(pattern === undefined ? {} : { filterPattern: pattern }),
    },
  );
  for await (const { events = [] } of pages) yield* events.map(logEvent);
};

/** What the log holds and whatever comes to it, each line once, until the signal aborts. */
export const followLog = async function* (
  logs: CloudWatchLogsClient,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogEvent> {
  const seen = new Map<string, number>();
  let { from } = query;
  let newest = from;
  while (!signal.aborted) {
    for await (const event of readLog(logs, { ...query, from })) {
      newest = Math.max(newest, event.timestamp);
      if (!seen.has(event.id)) yield event;
      seen.set(event.id, event.timestamp);
    }
    from = Math.max(from, newest - LATE_MS);
    for (const [id, timestamp] of seen) if (timestamp < from) seen.delete(id);
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
};
