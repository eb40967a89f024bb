import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import { arn, type Location } from "../../engine/location";
import { type JsonObject, parseJson } from "../../json";
import { filterPattern } from "./filter-pattern";
import { type LogEvent, logEvents, logGroups } from "./log-files";

const STREAM = "local";
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;
/** What CloudWatch counts for an event, besides its text. */
const EVENT_BYTES = 26;

const Input = t.partial({
  logGroupName: t.string,
  logGroupIdentifier: t.string,
  logGroupNamePrefix: t.string,
  startTime: t.number,
  endTime: t.number,
  limit: t.number,
  nextToken: t.string,
  startFromHead: t.boolean,
  filterPattern: t.string,
});
type Input = t.TypeOf<typeof Input>;

type Placed = LogEvent & { readonly place: number };

/** As many events, from the first on, as one answer holds. */
const page = (events: ReadonlyArray<Placed>, limit = MOST_EVENTS): ReadonlyArray<Placed> => {
  let bytes = 0;
  const end = events.findIndex(({ message }, index) => {
    bytes += Buffer.byteLength(message) + EVENT_BYTES;
    return index === Math.min(limit, MOST_EVENTS) || (bytes > MOST_BYTES && index > 0);
  });
  return end === -1 ? events : events.slice(0, end);
};

const refuse = (code: string, message: string): never => {
  throw new AwsError(code, message);
};

const shown = ({ timestamp, message }: Placed): JsonObject => ({
  timestamp,
  message,
  ingestionTime: timestamp,
});

/** The part of CloudWatch Logs' API that reads. */
export const logsBackend = (folder: string, location: Location): Backend => {
  const groupArn = (name: string): string => arn("logs", location, `log-group:${name}`);

  const groupOf = ({ logGroupName, logGroupIdentifier = "" }: Input): string =>
    logGroupName ?? logGroupIdentifier.replace(/^arn:.*:log-group:/, "").replace(/:\*$/, "");

  const eventsOf = (input: Input): ReadonlyArray<Placed> => {
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
    const events = logEvents(folder, groupOf(input));
    if (events === undefined)
      return refuse("ResourceNotFoundException", "The specified log group does not exist.");
    return events
      .map((event, place) => ({ ...event, place }))
      .filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
  };

  const operations: Readonly<Record<string, (input: Input) => JsonObject>> = {
    DescribeLogGroups: ({ logGroupNamePrefix = "" }) => ({
      logGroups: logGroups(folder)
        .filter(({ name }) => name.startsWith(logGroupNamePrefix))
        .map(({ name, createdAt, bytes }) => ({
          logGroupName: name,
          creationTime: createdAt,
          metricFilterCount: 0,
          arn: `${groupArn(name)}:*`,
          logGroupArn: groupArn(name),
          storedBytes: bytes,
        })),
    }),
    DescribeLogStreams: (input) => {
      const events = eventsOf(input);
      return {
        logStreams: [
          {
            logStreamName: STREAM,
            arn: `${groupArn(groupOf(input))}:log-stream:${STREAM}`,
            ...(events[0] === undefined ? {} : { firstEventTimestamp: events[0].timestamp }),
            ...(events.length === 0 ? {} : { lastEventTimestamp: events.at(-1)?.timestamp ?? 0 }),
          },
        ],
      };
    },
    FilterLogEvents: (input) => {
      const matches = filterPattern(input.filterPattern ?? "");
      if (E.isLeft(matches)) return refuse("InvalidParameterException", matches.left);
      const wanted = eventsOf(input).filter(
        ({ place, message }) => place >= Number(input.nextToken ?? 0) && matches.right(message),
      );
      const found = page(wanted, input.limit);
      const next = wanted[found.length];
      return {
        events: found.map((event) => ({
          ...shown(event),
          logStreamName: STREAM,
          eventId: String(event.place).padStart(56, "0"),
        })),
        searchedLogStreams: [],
        ...(next === undefined ? {} : { nextToken: String(next.place) }),
      };
    },
    GetLogEvents: (input) => {
      const events = eventsOf(input);
      const [, direction = input.startFromHead === true ? "f" : "b", at] =
        /^([fb])\/(\d+)$/.exec(input.nextToken ?? "") ?? [];
      const place = Number(at ?? (direction === "f" ? 0 : Number.MAX_SAFE_INTEGER));
      const found =
        direction === "f"
          ? page(
              events.filter((event) => event.place >= place),
              input.limit,
            )
          : page(events.filter((event) => event.place < place).reverse(), input.limit).toReversed();
      return {
        events: found.map(shown),
        nextForwardToken: `f/${found.length === 0 ? Math.min(place, events.length) : (found.at(-1)?.place ?? 0) + 1}`,
        nextBackwardToken: `b/${found[0]?.place ?? Math.min(place, events.length)}`,
      };
    },
  };

  return ({ operation, body }) => {
    const input = Input.decode(parseJson(body.toString()) ?? {});
    const run = operations[operation];
    if (run === undefined || E.isLeft(input))
      return refuse(
        "InvalidParameterException",
        `${operation}: the request is not as this operation expects`,
      );
    return Promise.resolve(jsonAnswer(run(input.right), "application/x-amz-json-1.1"));
  };
};
