/** `npm run github` as the workflows call it, against a server that behaves like GitHub's. */
import { deployedNames } from "../support/synth";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { markOf } from "../../cli/github/post";
import { program } from "../../cli/github/program";
import { type Finished, run } from "../support/process";
import { runWithin } from "../support/within";
import { GitHubServer, REPOSITORY, TOKEN } from "./github/server";
import { temporaryFolder } from "../support/temporary-folder";

const server = new GitHubServer();
let folder: string;

type Where = { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string };

const given = (env: Where["env"] = {}) => ({
  GITHUB_TOKEN: TOKEN,
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_API_URL: server.url,
  GITHUB_SERVER_URL: "https://github.example",
  GITHUB_RUN_ID: "99",
  ...env,
});

const github = (args: ReadonlyArray<string>, { env, cwd = folder }: Where = {}): Promise<Finished> =>
  runWithin(program, args, { cwd, changes: given(env) });

const plan = (text: string): void => writeFileSync(join(folder, "plan.md"), `${text}\n`);

/** What `npm run deploy -- drift` writes where these queues' delay was changed. */
const report = (file: string, addresses: ReadonlyArray<string>, more: object = {}): void =>
  writeFileSync(
    join(folder, file),
    JSON.stringify({
      environment: file.replace(".json", ""),
      link: "https://hcp.example/run-1",
      drifted: addresses.map((address) => ({
        address,
        action: "update",
        reason: null,
        moved_from: null,
        imported: null,
        attributes: [{ path: "delay_seconds", before: "0", after: "5" }],
      })),
      known: [],
      outdated: [],
      ...more,
    }),
  );

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.reset();
  folder = temporaryFolder("github");
});

describe("comment", () => {
  const comment = (commit: string) => github(["comment", "7", "Plan of dev", "--commit", commit]);

  it("is written once and then brought up to date, below any number of others", async () => {
    for (let id = 1; id <= 130; id += 1)
      server.comments.push({ id, on: 7, author: "User", body: "a remark" });
    plan("### Plan of dev: 1 to create");
    expect(await comment("c1")).toEqual({
      code: 0,
      stdout: `https://github.example/${REPOSITORY}/pull/7#issuecomment-131\n`,
      stderr: "",
    });
    plan("### Plan of dev: 2 to create");
    await comment("c2");
    expect(server.comments).toHaveLength(131);
    expect(server.comments.at(-1)?.body).toBe(
      [
        "<!-- orders-platform: Plan of dev -->",
        "### Plan of dev: 2 to create",
        "",
        "Of c2: [the log](https://github.example/energy-orders/orders-platform/actions/runs/99).",
        "",
      ].join("\n"),
    );
  });

  it("does not overwrite another's: not a person's with the mark, not one of the same author without", async () => {
    const others = [
      { id: 1, on: 7, author: "User", body: `${markOf("Plan of dev")} mine` },
      { id: 2, on: 7, author: "Bot", body: "from another workflow" },
      { id: 3, on: 8, author: "Bot", body: `${markOf("Plan of dev")} of another pull request` },
      { id: 4, on: 7, author: "Bot", body: `${markOf("Plan of qa")} of another environment` },
    ] as const;
    server.comments.push(...others.map((one) => ({ ...one })));
    plan("### Plan of dev: 1 to create");
    await comment("c1");
    expect(server.comments.slice(0, 4)).toEqual(others);
    expect(server.comments).toHaveLength(5);
  });

  it("does not leave an older plan standing where the new one failed", async () => {
    plan("### Plan of dev: 1 to create");
    await comment("c1");
    rmSync(join(folder, "plan.md"));
    await comment("c2");
    expect(server.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(
        /^<!-- .* -->\n### Plan of dev failed\n\nOf c2: \[.*\]\(https:\/\/github\.example\/.*\/runs\/99\)/,
      ),
    ]);
  });
});

it("is a program of its own, as the workflows run it", async () => {
  plan("### Plan of dev: 1 to create");
  const args = [resolve("dist/github.js"), "comment", "7", "Plan of dev", "--commit", "c1"];
  const comment = () => run(process.execPath, args, { cwd: folder, changes: given() });
  expect(await comment()).toMatchObject({ code: 0, stderr: "" });
  server.instead.set("GET issues/7/comments", [401]);
  expect(await comment()).toMatchObject({ code: 3, stdout: "" });
  expect(server.comments).toHaveLength(1);
});

describe("drift", () => {
  const drift = () => github(["drift", "dev", "prod", "--reports", "."]);
  const clean = (): void => ["dev.json", "prod.json"].forEach((file) => report(file, []));

  it("opens one issue, brings it up to date, closes it, and opens another for what comes later", async () => {
    clean();
    expect(await drift()).toMatchObject({ code: 0, stdout: "nothing drifts\n" });
    expect(server.issues).toEqual([]);
    report("prod.json", ["aws_sqs_queue.a"]);
    expect((await drift()).stdout).toMatch(/^opened .*\/issues\/1\n$/);
    report("prod.json", ["aws_sqs_queue.b"]);
    expect((await drift()).stdout).toMatch(/^updated .*\/issues\/1\n$/);
    expect(server.issues).toEqual([
      expect.objectContaining({ state: "open", title: "What exists is not what was applied" }),
    ]);
    expect(server.issues[0]?.body).toContain("### prod: 1 resource drifted");
    expect(server.issues[0]?.body).toContain("| `delay_seconds` | `0` | `5` |");
    expect(server.issues[0]?.body).toContain("`aws_sqs_queue.b`");
    expect(server.issues[0]?.body).not.toMatch(/### dev|queue\.a/);
    clean();
    expect((await drift()).stdout).toMatch(/^closed .*\/issues\/1\n$/);
    expect(server.issues[0]?.state).toBe("closed");
    report("dev.json", ["aws_sqs_queue.a"]);
    expect((await drift()).stdout).toMatch(/^opened .*\/issues\/2\n$/);
  });

  it("takes an environment that could not be checked for no clean one", async () => {
    report("dev.json", []);
    await drift();
    expect(server.issues[0]?.body).toContain("### prod\n\nCould not be checked.");
    await drift();
    expect(server.issues).toEqual([expect.objectContaining({ state: "open" })]);
  });

  it("tells of known drift that is out of date although nothing drifts", async () => {
    const outdated = [
      { address: "aws_sqs_queue.a", attribute: "tags", because: "was known until 2026-01-31" },
    ];
    report("dev.json", [], { outdated });
    report("prod.json", []);
    expect((await drift()).stdout).toMatch(/^opened /);
    expect(server.issues[0]?.body).toContain(
      "known_drift: aws_sqs_queue.a: tags: was known until 2026-01-31",
    );
  });

  it("fits the drift of many environments into one issue", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `aws_sqs_queue.q${index}`);
    const names = ["dev", "prod", "qa", "staging"];
    names.forEach((name) => report(`${name}.json`, many));
    await github(["drift", ...names, "--reports", "."]);
    expect(server.issues[0]?.body?.length).toBeLessThan(65_536);
    for (const name of names) expect(server.issues[0]?.body).toContain(`### ${name}: 2000 resources drifted`);
  });

  it("refuses a report that is none", async () => {
    writeFileSync(join(folder, "dev.json"), '{"environment": "dev"');
    expect(await drift()).toMatchObject({ code: 2, stderr: expect.stringContaining("dev.json: expected") });
  });

  it("touches no other issue, nor a pull request", async () => {
    const mark = markOf("drift");
    server.issues.push(
      { number: 1, author: "User", title: "drift", body: `${mark} a person's`, state: "open" },
      { number: 2, author: "Bot", title: "drift", body: null, state: "open" },
      { number: 3, author: "Bot", title: "drift", body: mark, state: "open", isPullRequest: true },
      { number: 4, author: "Bot", title: "drift", body: mark, state: "closed" },
    );
    const before = structuredClone(server.issues);
    report("dev.json", ["aws_sqs_queue.a"]);
    report("prod.json", []);
    await drift();
    expect(server.issues.slice(0, 4)).toEqual(before);
    expect(server.issues).toHaveLength(5);
  });
});

describe("approvals", () => {
  it("pass where somebody is asked", async () => {
    server.environments.set("staging", [{ type: "Team" }]).set("prod", [{ type: "User" }]);
    expect(await github(["approvals", "staging", "prod"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("are refused where nobody is, or where GitHub would recreate the environment", async () => {
    server.environments.set("staging", []);
    const { code, stderr } = await github(["approvals", "staging", "prod"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /staging: has no required reviewers\n {2}prod: there is no such GitHub environment/,
    );
  });
});

describe("tag", () => {
  const git = (...args: ReadonlyArray<string>): void => {
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  };
  const release = (version: string): void => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ version }));
    git("add", ".");
    git("commit", "--message", version);
  };
  const tag = (name: string) => github(["tag", name, "--main", "main"]);

  beforeEach(() => {
    git("init", "--initial-branch", "main");
    release("1.20.3");
  });

  it("is a release: three numbers, of package.json, on main", async () => {
    git("tag", "v1.20.3");
    expect(await tag("v1.20.3")).toEqual({ code: 0, stdout: "v1.20.3 is a release, of main\n", stderr: "" });
  });

  it.each(["v01.20.3", "v1.020.3", "v1.20.03", "v1.20.3-rc1", "v1.20", "1.20.3", "v1.20.3.4", "v1.20.3\n"])(
    "is none: %j",
    async (name) => {
      expect(await tag(name)).toMatchObject({ code: 1, stderr: expect.stringContaining("is no release") });
    },
  );

  it("is none where package.json has another version", async () => {
    git("tag", "v1.20.4");
    expect(await tag("v1.20.4")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the version in package.json is 1.20.3"),
    });
  });

  it("is none on another branch, however it is named", async () => {
    git("checkout", "-b", "aside");
    release("1.20.4");
    git("tag", "v1.20.4");
    git("branch", "v1.20.3", "main");
    expect(await tag("v1.20.4")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("its commit is not on main"),
    });
    expect(await tag("v1.20.3")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("there is no such tag"),
    });
  });
});

describe("a failure", () => {
  beforeEach(() => plan("### Plan of dev: 1 to create"));
  const comment = (env: Where["env"] = {}) =>
    github(["comment", "7", "Plan of dev", "--commit", "c1"], { env });

  const READ = "GET issues/7/comments";
  const WRITE = "POST issues/7/comments";

  it("that passes is sat out", async () => {
    server.instead.set(READ, [502, 429]);
    expect(await comment()).toMatchObject({ code: 0 });
    expect(server.asked).toEqual([READ, READ, READ, WRITE]);
  });

  it("of what may have been written all the same is not tried again: there could be two", async () => {
    server.instead.set(WRITE, [502]);
    expect(await comment()).toMatchObject({
      code: 3,
      stderr: "cannot comment on #7: GitHub answered 502: not now\n",
    });
    expect(server.asked).toEqual([READ, WRITE]);
  });

  it.each<[string, Where["env"], number, RegExp]>([
    ["no token", { GITHUB_TOKEN: "" }, 2, /^GITHUB_TOKEN is not set/],
    [
      "a token of somebody else",
      { GITHUB_TOKEN: "x" },
      3,
      /cannot read the comments of #7: GitHub answered 401: Bad credentials: the token is not valid/,
    ],
    ["an address that is none", { GITHUB_API_URL: "nowhere" }, 2, /GITHUB_API_URL: nowhere is no URL/],
    ["another repository", { GITHUB_REPOSITORY: "a/b" }, 3, /GitHub answered 404/],
  ])("is told: %s", async (_, env, code, text) => {
    const finished = await comment(env);
    expect(finished).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(text) });
    expect(finished.stderr).not.toMatch(/\n {4}at /);
  });

  it.each<[ReadonlyArray<string>]>([
    [[]],
    [["comments"]],
    [["comment", "0", "dev", "--commit", "c"]],
    [["comment", "7", "Plan of dev"]],
    [["drift"]],
    [["approvals"]],
    [["tag"]],
    [["tag", "--no-such"]],
  ])("is wrong use: %j", async (args) => {
    expect(await github(args)).toMatchObject({ code: 2, stdout: "" });
    expect(server.asked).toEqual([]);
  });
});

describe("environments", () => {
  const cwd = resolve(".");

  it("lists those that are deployed, as a matrix takes them", async () => {
    expect(await github(["environments"], { cwd })).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify(deployedNames)}\n`,
    });
  });

  it.each([
    [undefined, "TF_TOKEN_app_terraform_io"],
    ["app.eu.terraform.io", "TF_TOKEN_app_eu_terraform_io"],
    ["tfe.my-company.example", "TF_TOKEN_tfe_my__company_example"],
  ])("of a workspace at %s have their token in %s", async (hostname, name) => {
    const dev = JSON.parse(readFileSync("environments/dev.json", "utf8")) as { backend: object };
    mkdirSync(join(folder, "environments"));
    writeFileSync(
      join(folder, "environments", "dev.json"),
      JSON.stringify({ ...dev, backend: { ...dev.backend, hostname } }),
    );
    expect(await github(["token-name", "dev"])).toEqual({ code: 0, stdout: `${name}\n`, stderr: "" });
  });
});
