import { type Context, loggedFunctions } from "../context";
import type { FunctionLog, FunctionRow, LogEntry } from "../shapes";
import { type LogLine, logLines, saidIn } from "./log-lines";
import { lately } from "./metrics";

const metric = (context: Pick<Context, "aws">, of: string, name: string, minutes: number) =>
  lately(
    context,
    { namespace: "AWS/Lambda", name, dimension: ["FunctionName", of] },
    name === "Duration" ? "Maximum" : "Sum",
    minutes,
  );

export const countsOfFunction = async (context: Pick<Context, "aws">, name: string, minutes: number) => {
  const [calls = 0, errors = 0] = await Promise.all([
    metric(context, name, "Invocations", minutes),
    metric(context, name, "Errors", minutes),
  ]);
  return { calls, errors };
};

/** The table of functions is about the last hour. */
const MINUTES = 60;

export const listFunctions = (context: Context): Promise<ReadonlyArray<FunctionRow>> =>
  Promise.all(
    loggedFunctions(context).map(async ({ id, name }) => {
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
        id,
        name,
        calls,
        errors,
        throttles,
        ...(longestMs === undefined ? {} : { longestMs }),
        ...(averageMs === undefined ? {} : { averageMs }),
      };
    }),
  );

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
