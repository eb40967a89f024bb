import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { parseJson } from "../../json";

const Execution = t.intersection([
  t.type({
    name: t.string,
    machine: t.string,
    status: t.keyof({ RUNNING: null, SUCCEEDED: null, FAILED: null, TIMED_OUT: null, ABORTED: null }),
    /** JSON texts, as the API gives them. */
    input: t.string,
    /** Epoch milliseconds. */
    startedAt: t.number,
  }),
  t.partial({ output: t.string, stoppedAt: t.number, error: t.string, cause: t.string }),
]);
export type Execution = t.TypeOf<typeof Execution>;

/** How many ended executions of a machine are remembered from one start to the next. */
const REMEMBERED = 1_000;

/**
 * The executions of one state machine: every change is a line of a file, the last line of a name counts.
 * What a kill left half written at the end is not yet a line.
 */
export const executionStore = (folder: string, machine: string) => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${machine}.jsonl`);
  const byName = new Map<string, Execution>();
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) {
    const execution = parseJson(line);
    if (Execution.is(execution)) byName.set(execution.name, execution);
  }
  const kept = [...byName.values()].filter(
    ({ status }, index, all) => status === "RUNNING" || index >= all.length - REMEMBERED,
  );
  byName.clear();
  for (const execution of kept) byName.set(execution.name, execution);
  writeFileSync(`${file}.unfinished`, kept.map((execution) => `${JSON.stringify(execution)}\n`).join(""));
  renameSync(`${file}.unfinished`, file);

  return {
    get: (name: string): Execution | undefined => byName.get(name),
    put: (execution: Execution): void => {
      byName.set(execution.name, execution);
      appendFileSync(file, `${JSON.stringify(execution)}\n`);
    },
    /** Newest first. */
    all: (): ReadonlyArray<Execution> => [...byName.values()].sort((a, b) => b.startedAt - a.startedAt),
  };
};

export type ExecutionStore = ReturnType<typeof executionStore>;
