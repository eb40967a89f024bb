import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as t from "io-ts";
import { REGIONS } from "../../environments/regions";
import { temporaryFolder } from "../support/temporary-folder";
import { CALLS, type Command } from "../cli/build/lean/calls";
import { errorAnswer, errorsOf } from "../cli/build/lean/errors";
import type { Given } from "../cli/build/lean/program";

const Printed = t.type({
  outcomes: t.array(t.UnknownRecord),
  sent: t.array(t.array(t.UnknownRecord)),
  endpoints: t.array(t.array(t.tuple([t.string, t.UnknownRecord]))),
});
type Printed = t.TypeOf<typeof Printed>;

const COMMANDS = Object.keys(CALLS) as ReadonlyArray<Command>;

const cases = COMMANDS.flatMap((command) => {
  const { service, answer } = CALLS[command];
  const headers = { "x-amzn-requestid": "r", ...(service === "s3" ? { etag: '"e"' } : {}) };
  return [
    { command, error: "no error", status: 200, headers, body: answer },
    ...errorsOf(service).map((error) => ({ command, error: error.name, ...errorAnswer(service, error) })),
  ];
});

const node = (args: ReadonlyArray<string>, input = ""): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    input,
    encoding: "utf8",
    maxBuffer: 100_000_000,
    env: {
      ...process.env,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_MAX_ATTEMPTS: "3",
      // The machine's own settings are not the subject.
      AWS_CONFIG_FILE: "/nonexistent",
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

let full: Printed;
let lean: Printed;

beforeAll(() => {
  const folder = temporaryFolder("lean");
  node(["test/cli/build/lean/bundle.mts", "test/cli/build/lean/program.ts", folder]);
  const given: Given = { cases, regions: REGIONS };
  const printed = (name: string): Printed => {
    const parsed: unknown = JSON.parse(node([join(folder, `${name}.js`)], JSON.stringify(given)));
    if (!Printed.is(parsed)) throw new Error(`${name} printed something else`);
    return parsed;
  };
  full = printed("full");
  lean = printed("lean");
});

it("covers each command that a function sends", () => {
  const imported = globSync("functions/**/*.ts").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/import \{([^}]*)\} from "@aws-sdk/g)].flatMap(
      ([, names = ""]) => names.match(/\w+Command\b/g) ?? [],
    ),
  );
  expect([...new Set(imported)].sort()).toEqual([...COMMANDS].sort());
});

describe.each(COMMANDS)("%s of a function", (command) => {
  const own = cases.map((one, index) => ({ ...one, index })).filter((one) => one.command === command);
  const of = ({ outcomes, sent }: Printed) =>
    own.map(({ error, index }) => [error, outcomes[index], sent[index]]);

  it("sends the same requests, and gives the same answers and errors, as the whole SDK's", () => {
    expect(of(lean)).toEqual(of(full));
  });

  it("is tried three times where the service is busy, and once where the request is wrong", () => {
    const attempts = Object.fromEntries(own.map(({ error, index }) => [error, lean.sent[index]?.length]));
    expect(attempts).toMatchObject({
      "no error": 1,
      Throttling: 3,
      ServiceUnavailable: 3,
      AccessDeniedException: 1,
    });
  });
});

it("asks, in every region, at the endpoint at which the whole SDK asks", () => {
  expect(lean.endpoints).toEqual(full.endpoints);
  expect(lean.endpoints.flat()).toHaveLength(5 * REGIONS.length);
});
