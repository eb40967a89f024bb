import { readdirSync } from "node:fs";
import { runCommand } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

/** What test/deploy/emulate.terraform.test.ts needs no emulator for. */

const temporary = temporaryFolder("emulate");
const emulate = (args: ReadonlyArray<string>, changes: NodeJS.ProcessEnv = {}) =>
  runCommand("emulate", args, { changes: { TMPDIR: temporary, ...changes } });

afterEach(() => {
  expect(readdirSync(temporary)).toEqual([]);
});

it.each([
  ["https://sts.eu-central-1.amazonaws.com", 2, /^--endpoint https:\S+: expected the URL of an AWS emulator/],
  ["localhost", 2, /^--endpoint localhost: expected the URL of an AWS emulator/],
  ["http://127.0.0.1:9", 1, /^http:\/\/127.0.0.1:9: no AWS emulator answers there: \S.*\n$/],
])("--endpoint %s is refused, and nothing is written", async (endpoint, code, said) => {
  expect(await emulate(["dev", "--endpoint", endpoint])).toMatchObject({
    code,
    stderr: expect.stringMatching(said),
  });
});

it("says how to install the emulator, and says first what it is doing", async () => {
  expect(await emulate(["dev"], { PATH: temporary })).toEqual({
    code: 1,
    stdout: "starting the AWS emulator, moto …\n",
    stderr: expect.stringMatching(
      /^moto_server, the AWS emulator, does not run: .*ENOENT\nInstall it: pip install 'moto\[server\]==[\d.]+'\n$/,
    ),
  });
});
