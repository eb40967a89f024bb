import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { checkoutIn } from "../support/checkout";
import { run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";
import { lambda, newFolder, writeStack } from "./support/fixture";
import { endAll, runToEnd, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** The platform as a user meets it: what it says when it cannot start, and how it ends. */

afterAll(endAll);

const stack = (): string => writeStack({ aws_sqs_queue: { q: { name: "queue" } } });

/** One line on standard error, nothing else. */
const refuses = async (
  args: ReadonlyArray<string>,
  line: string | RegExp,
  status = 1,
  env: NodeJS.ProcessEnv = {},
): Promise<void> => {
  const { code, stdout, stderr } = await runToEnd(["--port", "0", "--aws-port", "0", ...args], env);
  expect(stderr.trimEnd()).toMatch(line);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect([code, stdout]).toEqual([status, status === 2 ? "" : "starting …\n"]);
};

describe("starting the platform", () => {
  it.each([
    [
      "an unknown option",
      ["--prot", "1"],
      /^start: unknown option '--prot' \(Did you mean --port\?\); see npm run start -- --help$/,
    ],
    ["an argument", ["3001"], /^start: too many arguments. .* see npm run start -- --help$/],
    ["a port that is none", ["--port", "http"], "--port http: expected a port, 0 to 65535"],
    [
      "a schedule that is none",
      ["--schedule", "often"],
      "--schedule often: expected rate(…), cron(…) or at(…)",
    ],
    ["a parameter without a value", ["--parameter", "/a"], "--parameter /a: expected NAME=VALUE"],
    ["options that exclude each other", ["--fresh", "--recover"], /^--fresh and --recover: /],
  ])("refuses %s", async (_, args, line) => {
    await refuses(args, line, 2);
  });

  it("refuses an option that npm has kept for itself", async () => {
    await refuses([], /^start: npm kept --fresh for itself: write two dashes before it/, 2, {
      npm_config_fresh: "true",
    });
  });

  it("refuses a stack that is not there", async () => {
    await refuses(
      ["--stack", "/nowhere", "--data", newFolder()],
      /^\/nowhere\/cdk\.tf\.json: cannot be read/,
    );
  });

  it("refuses to run a resource it does not know, by name", async () => {
    const unknown = writeStack({ aws_kinesis_stream: { events: { name: "events" } } });
    await refuses(
      ["--stack", unknown, "--data", newFolder()],
      "aws_kinesis_stream.events: the local platform cannot run an aws_kinesis_stream",
    );
  });

  it("refuses what AWS would refuse", async () => {
    const impatient = writeStack(lambda("f", "exports.handler = async () => 1", { timeout: 60 }), {
      aws_sqs_queue: { q: { name: "queue" } },
      aws_lambda_event_source_mapping: {
        m: { event_source_arn: "${aws_sqs_queue.q.arn}", function_name: "${aws_lambda_function.f.arn}" },
      },
    });
    await refuses(
      ["--stack", impatient, "--data", newFolder()],
      "aws_lambda_event_source_mapping.m: the queue's visibility timeout (30 s) is less than the function's timeout (60 s)",
    );
  });

  it("refuses a data folder that is a file, or somebody else's", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "precious"), "");
    const file = join(folder, "precious");
    await refuses(
      ["--stack", stack(), "--data", file],
      `${file}: the data folder cannot be used: it is not a folder`,
    );
    await refuses(
      ["--stack", stack(), "--data", folder, "--fresh"],
      `${folder}: is not a data folder of the platform (it holds precious, but no platform.json)`,
    );
  });

  it("refuses a port that is taken", async () => {
    const server: Server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    await refuses(
      ["--stack", stack(), "--data", newFolder(), "--port", port],
      `port ${port} is taken by another program`,
    );
    server.close();
  });

  it("refuses a console's port that is taken", async () => {
    const server: Server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    await refuses(
      ["--stack", stack(), "--data", newFolder(), "--console-port", port],
      `--console-port ${port}: taken by another program; name a free port, 0 for any free one, or off`,
    );
    server.close();
  });

  it("says its options", async () => {
    const { code, stdout } = await runToEnd(["--help"]);
    expect(stdout).toMatch(/^Usage: npm run start -- \[options\]\n/);
    expect(code).toBe(0);
  });
});

it("has no stack trace for a reader that stops reading", async () => {
  const piped = `{ "${process.execPath}" dist/local.js --help; echo "$?" >&2; } | { exec <&-; sleep 1; }`;
  expect(await run("sh", ["-c", piped])).toMatchObject({ stderr: "0\n" });
});

it("says what it is doing from the first word on, and that it stops when only npm is told to", async () => {
  const { folder } = checkoutIn(join(temporaryFolder("start"), "clone"));
  const { stdout } = await run("npm", ["start", "--", "--port", "0", "--aws-port", "0"], {
    cwd: folder,
    changes: { INIT_CWD: undefined },
    onOutput: (printed, interrupt) => {
      if (printed.includes("ready in")) interrupt("SIGTERM");
    },
  });
  expect(stdout).toMatch(/building the functions …\nstarting …\nready in \d+\.\d s/);
  expect(stdout).toMatch(/\nstopping; what is under way goes on at the next start\n$/);
});

it("interrupted before it is ready, says that it stops, and does", async () => {
  const args = ["dist/local.js", "--stack", stack(), "--data", newFolder(), "--port", "0", "--aws-port", "0"];
  expect(
    await run(process.execPath, args, {
      onOutput: (_, interrupt) => {
        interrupt();
      },
    }),
  ).toEqual({
    code: 0,
    stdout: "starting …\n\nstopping; what is under way goes on at the next start\n",
    stderr: "",
  });
});

describe("a running platform", () => {
  it("has its data folder to itself, ends on a signal, and leaves the folder free", async () => {
    const data = newFolder();
    const first = await startProcess(["--stack", stack(), "--data", data]);
    await refuses(
      ["--stack", stack(), "--data", data],
      `${data}: the data folder is in use by another running platform`,
    );
    expect(first.output()).toMatch(/ready in \d+\.\d s, listening on loopback only/);
    expect((await first.end("SIGINT")).code).toBe(0);
    expect(first.output()).toMatch(/\nstopping; what is under way goes on at the next start\n$/);
    const second = await startProcess(["--stack", stack(), "--data", data, "--fresh"]);
    expect((await second.end("SIGTERM")).code).toBe(0);
  });

  it("leaves the folder free when it is killed, too", async () => {
    const data = newFolder();
    const first = await startProcess(["--stack", stack(), "--data", data]);
    await first.end("SIGKILL");
    const second = await startProcess(["--stack", stack(), "--data", data]);
    expect((await second.end("SIGTERM")).code).toBe(0);
    await until(
      () => second.output(),
      (output) => !output.includes("warning"),
    );
  });
});
