import { type Context, loggedFunctions } from "../context";
import { problemsIn } from "../aws/unread";
import type { FunctionLog, FunctionRow, FunctionsPage, LogEntry } from "../shapes";
import { type LogLine, logLines, saidIn } from "./log-lines";
import { lately, type MetricsContext } from "./metrics";

const metric = (context: MetricsContext, of: string, name: string, minutes: number) =>
  lately(
    context,
    { namespace: "AWS/Lambda", name, dimension: ["FunctionName", of] },
    name === "Duration" ? "Maximum" : "Sum",
    minutes,
  );

export const countsOfFunction = async (context: MetricsContext, name: string, minutes: number) => {
  const [calls = 0, errors = 0] = await Promise.all([
    metric(context, name, "Invocations", minutes),
    metric(context, name, "Errors", minutes),
  ]);
  return { calls, errors };
};

/** The table of functions is about the last hour. */
const MINUTES = 60;

const countedOf = async (context: Context, name: string): Promise<Omit<FunctionRow, "id" | "name">> => {
  const [{ calls, errors }, throttles = 0, longestMs, averageMs] = await Promise.all([
    countsOfFunction(context, name, MINUTES),
    metric(context, name, "Throttles", MINUTES),
    metric(context, name, "Duration", MINUTES),
    lately(
      context,
      { namespace: "AWS/Lambda", name: "Duration", dimension: ["FunctionName", name] },
      "Average",
      MINUTES,
    ),
  ]);
  return {
    calls,
    errors,
    throttles,
    ...(longestMs === undefined ? {} : { longestMs }),
    ...(averageMs === undefined ? {} : { averageMs }),
  };
};

export const listFunctions = async (context: Context): Promise<FunctionsPage> => {
  const functions = loggedFunctions(context);
  const readings = await Promise.allSettled(functions.map(({ name }) => countedOf(context, name)));
  return {
    rows: functions.map(({ id, name }, index) => {
      const reading = readings[index];
      return { id, name, ...(reading?.status === "fulfilled" ? reading.value : {}) };
    }),
    problems: problemsIn(readings),
  };
};

const MINUTE_MS = 60_000;
/** A log is read from its end: as far back as gives enough lines. */
const BACK_MS = [15 * MINUTE_MS, 240 * MINUTE_MS, 7 * 1_440 * MINUTE_MS];
const ENOUGH = 100;

const entryOf = ({ at, message, line }: LogLine): LogEntry => ({
  at: new Date(at).toISOString(),
  level: line?.level ?? "info",
  title: line?.event ?? message,
  text: line === undefined ? "" : saidIn(message),
  ...(line?.order_id === undefined ? {} : { order: line.order_id }),
});

/** Terms that are all in a line: quoted, so that none of them is syntax. */
const patternOf = (text: string): string =>
  text
    .split(/\s+/)
    .filter((term) => term !== "")
    .map((term) => `"${term.replaceAll(/["\\]/g, "")}"`)
    .join(" ");

/** The newest lines of a function's log, the newest first. */
export const readLog = async (
  context: Context,
  name: string,
  text: string,
): Promise<FunctionLog | undefined> => {
  const logged = loggedFunctions(context).find((one) => one.name === name);
  if (logged === undefined) return undefined;
  const to = Date.now() + MINUTE_MS;
  let found: FunctionLog = { entries: [], since: new Date(to).toISOString() };
  for (const back of BACK_MS) {
    const lines = await logLines(context, logged, { pattern: patternOf(text), from: to - back, to });
    found = {
      entries: lines.slice(-ENOUGH).toReversed().map(entryOf),
      since: new Date(to - back).toISOString(),
    };
    if (lines.length >= ENOUGH) break;
  }
  return found;
};
