/** Every shell command of the pages, run as it stands in a fresh clone, but for those that need what is elsewhere. */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { builtIn } from "../support/checkout";
import { run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((page) => existsSync(page));

/** What commands begin with that are not run here, and why. Every other one is. */
const ELSEWHERE: ReadonlyArray<readonly [begins: string, why: string]> = [
  ["npm ci", "`.ci/run` begins with it; it needs a package registry"],
  ["npm test", "`.ci/run` does"],
  ["npm run test:platform", "this suite is part of it"],
  ["npm run lint", "`.ci/run` does"],
  ["npm run typecheck", "`.ci/run` does"],
  ["npm run cdktf", "test/terraform runs it; its first use installs it"],
  ["npm run emulate", "test/deploy runs it; it needs Terraform"],
  ["npm run deploy", "test/deploy runs it; it needs Terraform and HCP Terraform"],
  ["npm run release -- guard", "test/deploy runs it; it reads states"],
  ["npm run release -- promotable", "test/deploy runs it; it reads states"],
  ["npm run preflight", "it asks an AWS account"],
  ["npm run smoke", "it asks an environment in AWS"],
  ["npm run console", "test/console does; it asks an environment in AWS"],
  ["npm run halt", "test/platform/halt.test.ts does; it asks an environment in AWS"],
  ["npm run resume", "test/platform/halt.test.ts does; it asks an environment in AWS"],
  ["ORDERS_ENVIRONMENTS=.previews npm run smoke", "it asks an environment in AWS"],
  ["npm run preview -- create", "test/deploy runs it; it needs Terraform"],
  ["npm run preview -- destroy", "test/deploy runs it; it needs Terraform"],
  ["npm run preview -- expired", "test/deploy runs it; it needs Terraform"],
  ["terraform", "test/deploy and test/terraform run these; they need Terraform, an account, HCP Terraform"],
  ["rm ../../../../account-444444444444.tfstate*", "Terraform left them there"],
  ["aws", "it needs the AWS command line"],
  ["gh", "it asks GitHub"],
  ["curl -sS --aws-sigv4", "it asks for a signature; test/platform/samples.test.ts runs it"],
];

const reasonFor = (command: string) =>
  ELSEWHERE.find(([begins]) => command === begins || command.startsWith(`${begins} `));

type Block = { readonly page: string; readonly commands: ReadonlyArray<string> };

const blocks: ReadonlyArray<Block> = pages.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, shell = ""]) => ({
    page,
    commands: shell
      .split("\n")
      .map((line) => line.replace(/(^| +)# .*$/, "").trim())
      .flatMap((line) => (line === "" ? [] : line.split(" && "))),
  })),
);

let folder: string;
let clone: string;
let env: NodeJS.ProcessEnv;
let platform: PlatformProcess;

/** A clone of a repository in which main is a change ahead of what was released last. */
beforeAll(async () => {
  folder = temporaryFolder("walk");
  clone = join(folder, "clone");
  mkdirSync(join(folder, "home"));
  symlinkSync(clone, join(folder, "home", "orders-platform"));
  env = {
    HOME: join(folder, "home"),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "a reader",
    GIT_AUTHOR_EMAIL: "reader@example.com",
    GIT_COMMITTER_NAME: "a reader",
    GIT_COMMITTER_EMAIL: "reader@example.com",
    INIT_CWD: undefined,
    ORDERS_ENVIRONMENTS: undefined,
  };
  const { git } = builtIn(clone);
  writeFileSync(join(clone, ".git", "info", "exclude"), "node_modules\n");
  git("tag", "v1.2.2");
  appendFileSync(join(clone, "CHANGELOG.md"), "\nA change.\n");
  git("commit", "--quiet", "--all", "--message", "a change");
  git("branch", "--move", "main");
  git("init", "--quiet", "--bare", join(folder, "origin"));
  git("remote", "add", "origin", join(folder, "origin"));
  git("push", "--quiet", "--set-upstream", "origin", "main", "v1.2.2");
  platform = await startProcess(["--data", join(folder, "data"), "--schedule", "off"], {}, clone);
  // The README has the reader paste the line that the platform prints.
  execFileSync("sh", ["-c", /^ *(curl .*)$/m.exec(platform.output())?.[1] ?? ""], { cwd: clone });
});

afterAll(endAll);

/** What the text of a page asks its reader to edit by hand. */
const EDITS: Readonly<Record<string, () => void>> = {
  "docs/account.md": () => {
    const file = join(clone, "stacks", "account", "accounts.json");
    const entry = /^ *(\{ "account_id": .*\})$/m.exec(readFileSync("docs/account.md", "utf8"))?.[1] ?? "";
    writeFileSync(file, readFileSync(file, "utf8").replace('"accounts": [', `"accounts": [${entry},`));
  },
};

/** A command as this suite runs it: what it shows must be there, and a difference is no failure. */
const checked = (command: string): string => {
  // By now the order may have been sent, and too late to be cancelled.
  if (command.startsWith("curl -sS -X DELETE"))
    return `${command.replace(LOCAL, platform.apiUrl)} --write-out '%{http_code}' | grep -qE '(200|409)$'`;
  if (command.startsWith("curl "))
    return command.replace("curl", "curl --fail").replace(LOCAL, platform.apiUrl);
  if (command.startsWith("git diff")) return `${command} || [ $? -eq 1 ]`;
  if (command.startsWith("source <(orders completion")) return `${command}\ncomplete -p orders`;
  return command;
};

const LOCAL = "http://127.0.0.1:3000";

const STACK_TRACE = /^\s+at .*:\d+:\d+\)?$/m;

const shell = async (commands: ReadonlyArray<string>): Promise<void> => {
  const file = join(folder, "block.sh");
  writeFileSync(file, ["shopt -s expand_aliases", ...commands.map(checked)].join("\n"));
  const { code, stdout, stderr } = await run("bash", ["-ex", file], { cwd: clone, changes: env });
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(`${stdout}${stderr}`).not.toMatch(STACK_TRACE);
};

/** Until it is ready, and then to its end. */
const started = async (command: string): Promise<void> => {
  const options = command.replace(/^npm start( --)?/, "").replace("--inspect 9229", "--inspect 0");
  const args = ["start", "--", "--port", "0", "--aws-port", "0", ...options.split(" ").filter(Boolean)];
  const { stdout } = await run("npm", args, {
    cwd: clone,
    changes: env,
    onOutput: (printed, interrupt) => {
      if (printed.includes("ready in")) interrupt("SIGTERM");
    },
  });
  expect(stdout).toContain("\nstopping; ");
};

it.each([...new Set(blocks.map(({ page }) => page))])("%s: its commands do what they say", async (page) => {
  execFileSync("git", ["checkout", "--quiet", "--force", "main"], { cwd: clone });
  execFileSync("git", ["clean", "--quiet", "--force", "-d"], { cwd: clone });
  EDITS[page]?.();
  for (const { commands } of blocks.filter((block) => block.page === page)) {
    const here = commands.filter((command) => reasonFor(command) === undefined);
    for (const command of here.filter((one) => one.startsWith("npm start"))) await started(command);
    await shell(here.filter((one) => !one.startsWith("npm start")));
  }
});

it("docs/api.md: the request in a file is answered", async () => {
  const [, url = "", body = ""] =
    /```http\nPOST (\S+)\n[\s\S]*?\n\n([\s\S]*?)\n```/.exec(readFileSync("docs/api.md", "utf8")) ?? [];
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url.replace(LOCAL, platform.apiUrl), { method: "POST", body, headers });
  expect(answer.status).toBe(201);
});

it("leaves out only what a page has", () => {
  const left = blocks.flatMap(({ commands }) => commands.flatMap((command) => reasonFor(command) ?? []));
  expect(ELSEWHERE.map(([begins]) => begins).filter((begins) => !left.flat().includes(begins))).toEqual([]);
});
