import aslValidator from "asl-validator";
import { ExecutionError, StateMachine } from "aws-local-stepfunctions";
import { resultsPipeline } from "../../stacks/results-pipeline";
import { declaredEnvironments, parsed } from "../support/synth";

/** The definition that is deployed, on every path, in an interpreter of the States Language. */

const MAX_WAITS = 3;

const definition = resultsPipeline({
  environmentName: "test",
  fetchFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:fetch",
  archiveFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:archive",
  topicArn: "arn:aws:sns:eu-central-1:123456789012:notifications",
  waiting: { wait_seconds: 30, max_waits: MAX_WAITS, page_limit: 10 },
  taskTimeoutSeconds: 20,
});

/** Made once, as it reads the definition against the schema of the language. */
const machine = new StateMachine(definition as never);

class NamedError extends Error {
  constructor(override readonly name: string) {
    super(`${name} happened`);
  }
}

type Payload = {
  execution: string;
  waits: number;
  pages: number;
  page?: { number?: number; key?: string };
  release?: true;
};
type Task = (payload: Payload) => object;

const page = ({ waits, pages }: Payload) => ({ outcome: "page", waits, pages, page: { number: pages } });
const wait = ({ waits, pages }: Payload) => ({ outcome: "wait", waits: waits + 1, pages });
const archived =
  (more: (pages: number) => boolean): Task =>
  ({ pages }) => ({ outcome: more(pages + 1) ? "more" : "done", waits: 0, pages: pages + 1 });

/** Runs one execution; what was called with what, how it ended, which states it entered. */
const run = async (
  fetch: Task,
  archive: Task,
  { input = {}, release = () => ({}) }: { input?: { replay?: string }; release?: Task } = {},
) => {
  const calls: { task: string; payload: Payload }[] = [];
  const announced: unknown[] = [];
  const handler = (task: string, handle: Task) => (input: unknown) => {
    const { Payload: payload } = input as { Payload: Payload };
    calls.push({ task, payload });
    return { StatusCode: 200, Payload: handle(payload) } as never;
  };
  const { result, eventLogs } = machine.run(input, {
    overrides: {
      taskResourceLocalHandlers: {
        FetchResults: handler("fetch", fetch),
        ArchiveResults: handler("archive", archive),
        ReleaseRest: handler("release", release),
        ReleaseResults: handler("release", release),
        AnnounceFailure: (input: unknown) => {
          announced.push((input as { Message: unknown }).Message);
          return {};
        },
      },
      waitTimeOverrides: { WaitForResults: 0 },
      retryIntervalOverrides: { FetchResults: 0, ArchiveResults: 0, ReleaseRest: 0, ReleaseResults: 0 },
    },
    context: { Execution: { Name: "run-1", Input: {}, StartTime: "2026-01-01T00:00:00.000Z" } },
  });
  const states: string[] = [];
  const reading = (async () => {
    for await (const event of eventLogs) if (event.type === "StateEntered") states.push(event.state.name);
  })();
  const error = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await reading;
  return { calls, announced, states, error, tasks: calls.map(({ task }) => task) };
};

describe("the results state machine", () => {
  it.each([...declaredEnvironments()])("is valid States Language as %s declares it", (_, declared) => {
    const machine = parsed(
      String(declared.one("aws_sfn_state_machine.results")["definition"]).replaceAll(
        /\$\{aws_(\w+?)\.\w+\.arn\}/g,
        "arn:aws:lambda:eu-central-1:123456789012:function:$1",
      ),
    );
    const { isValid, errorsText } = aslValidator(machine, { checkPaths: true, checkArn: true });
    expect(errorsText("\n")).toBe("");
    expect(isValid).toBe(true);
  });

  it("archives one page and is done", async () => {
    const { tasks, states, error, calls } = await run(
      page,
      archived(() => false),
    );
    expect(tasks).toEqual(["fetch", "archive"]);
    expect(states.at(-1)).toBe("Done");
    expect(error).toBeUndefined();
    expect(calls[0]?.payload).toEqual({ execution: "run-1", waits: 0, pages: 0 });
    expect(calls[1]?.payload).toMatchObject({ execution: "run-1", page: { number: 0 } });
  });

  it("waits for the first results and then archives them", async () => {
    let asked = 0;
    const { tasks, states } = await run(
      (input) => (++asked < 3 ? wait(input) : page(input)),
      archived(() => false),
    );
    expect(tasks).toEqual(["fetch", "fetch", "fetch", "archive"]);
    expect(states.filter((state) => state === "WaitForResults")).toHaveLength(2);
  });

  it("gives up waiting in time, which is no failure", async () => {
    const { tasks, states, error, announced } = await run(
      wait,
      archived(() => false),
    );
    expect(tasks).toHaveLength(MAX_WAITS);
    expect(states.at(-1)).toBe("NoResults");
    expect(error).toBeUndefined();
    expect(announced).toEqual([]);
  });

  it("reads page after page", async () => {
    const { tasks, calls } = await run(
      page,
      archived((pages) => pages < 4),
    );
    expect(tasks.filter((task) => task === "archive")).toHaveLength(4);
    expect(calls.filter(({ task }) => task === "archive").map(({ payload }) => payload.page?.number)).toEqual(
      [0, 1, 2, 3],
    );
  });

  it("releases the results after so many pages that half of its history is left, and is done", async () => {
    const { states, calls, error, announced } = await run(
      page,
      archived(() => true),
    );
    expect(states.slice(-3)).toEqual(["MorePages", "ReleaseRest", "Done"]);
    expect(calls.at(-1)).toEqual({ task: "release", payload: { execution: "run-1", release: true } });
    expect([error, announced]).toEqual([undefined, []]);
    // Of a task AWS lists five events, of any other state two.
    const events = calls.length * 5 + (states.length - calls.length) * 2;
    expect(events).toBeGreaterThan(5_000);
    expect(events).toBeLessThan(12_500);
  });

  it("is done after so many pages even where the results cannot be released", async () => {
    const { states, error, announced } = await run(
      page,
      () => ({ outcome: "more", waits: 0, pages: 1_000 }),
      {
        release: () => {
          throw new NamedError("Lambda.Unknown");
        },
      },
    );
    expect(states.slice(-2)).toEqual(["ReleaseRest", "Done"]);
    expect([error, announced]).toEqual([undefined, []]);
  });

  it("is done at once where another execution is at work", async () => {
    const { tasks, states } = await run(
      ({ waits, pages }) => ({ outcome: "done", waits, pages, why: "busy" }),
      archived(() => false),
    );
    expect(tasks).toEqual(["fetch"]);
    expect(states.at(-1)).toBe("Done");
  });

  it("tries a page again until the archive recovers", async () => {
    let tried = 0;
    const { tasks, error, announced } = await run(page, (input) => {
      if (++tried < 4) throw new NamedError("TransientError");
      return archived(() => false)(input);
    });
    expect(tasks.filter((task) => task === "archive")).toHaveLength(4);
    expect(error).toBeUndefined();
    expect(announced).toEqual([]);
  });

  it.each([
    ["for good", "PermanentError", 1],
    ["again and again", "TransientError", 7],
  ])("announces a task that fails %s, and fails", async (_, name, attempts) => {
    const { tasks, calls, states, error, announced } = await run(page, () => {
      throw new NamedError(name);
    });
    expect(tasks.filter((task) => task === "archive")).toHaveLength(attempts);
    expect(states.slice(-3)).toEqual(["ReleaseResults", "AnnounceFailure", "Failed"]);
    expect(calls.at(-1)).toEqual({ task: "release", payload: { execution: "run-1", release: true } });
    expect(error).toBeInstanceOf(ExecutionError);
    expect(announced).toEqual([
      {
        kind: "pipeline-failed",
        environment: "test",
        execution: "run-1",
        error: name,
        cause: `${name} happened`,
      },
    ]);
  });

  it("announces what failed even where the results cannot be released", async () => {
    const failing = (name: string) => () => {
      throw new NamedError(name);
    };
    const { announced } = await run(failing("PermanentError"), page, { release: failing("Lambda.Unknown") });
    expect(announced).toMatchObject([{ error: "PermanentError" }]);
  });

  it("archives one page again where it is started with its key, and fetches nothing", async () => {
    const { calls, states, error } = await run(
      page,
      archived(() => false),
      { input: { replay: "results/raw/k.json" } },
    );
    expect(calls).toEqual([
      {
        task: "archive",
        payload: { execution: "run-1", waits: 0, pages: 0, page: { key: "results/raw/k.json" } },
      },
    ]);
    expect(states).toEqual(["IsReplay", "Replay", "ArchiveResults", "MorePages", "Done"]);
    expect(error).toBeUndefined();
  });
});
