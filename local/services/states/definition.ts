import type { StateMachineDefinition } from "aws-local-stepfunctions";
import { isArray, isObject, type Json, parseJson } from "../../json";
import { StartError } from "../../start-error";
import { taskFor } from "./tasks";

/** As long as a timer of Node can wait: 24 days. The library gives a task without a timeout one minute, AWS a year. */
const LONGEST_SECONDS = 2_000_000;

const bounded = (value: Json): Json =>
  typeof value === "number" && value > LONGEST_SECONDS ? LONGEST_SECONDS : value;

const normal = (value: Json): Json => {
  if (isArray(value)) return value.map(normal);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "TimeoutSeconds" ? bounded(item) : normal(item),
    ]),
  );
  const isTask = value["Type"] === "Task" && !("TimeoutSeconds" in value) && !("TimeoutSecondsPath" in value);
  return isTask ? { ...inner, TimeoutSeconds: LONGEST_SECONDS } : inner;
};

/** Every `Task` of a definition by name, those inside `Map` and `Parallel` states too. */
const tasksIn = (value: Json): ReadonlyArray<readonly [string, string]> => {
  if (isArray(value)) return value.flatMap(tasksIn);
  if (!isObject(value)) return [];
  const states = isObject(value["States"]) ? Object.entries(value["States"]) : [];
  const own = states.flatMap(([name, state]): ReadonlyArray<readonly [string, string]> =>
    isObject(state) && state["Type"] === "Task" && typeof state["Resource"] === "string"
      ? [[name, state["Resource"]]]
      : [],
  );
  return [...own, ...Object.values(value).flatMap(tasksIn)];
};

const isDefinition = (value: Json): value is Json & StateMachineDefinition =>
  isObject(value) && typeof value["StartAt"] === "string" && isObject(value["States"]);

/**
 * Reads a machine's definition, and the resource of each task by its state's name; a task that cannot be run here is a
 * StartError.
 */
export const readDefinition = (address: string, text: string) => {
  const asl = normal(parseJson(text) ?? null);
  if (!isDefinition(asl)) throw new StartError(`${address}: definition: is no state machine`);
  const tasks = new Map(tasksIn(asl));
  for (const [name, resource] of tasks)
    if (taskFor(resource) === undefined)
      throw new StartError(`${address}: definition: ${name}: the local platform cannot run ${resource}`);
  return { asl, tasks };
};
