/** `npm run github` as the workflows call it, against a server that behaves like GitHub's. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { block, markOf } from "../../../cli/github/post";
import { type Finished, run } from "../../deploy/support/process";
import { GitHubServer, REPOSITORY, TOKEN } from "./server";

const PROGRAM = resolve("dist/github.js");
const server = new GitHubServer();
let folder: string;

const github = (
  args: ReadonlyArray<string>,
  { env = {}, cwd = folder }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Finished> =>
  run(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: {
      ...process.env,
      GITHUB_TOKEN: TOKEN,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_API_URL: server.url,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "99",
      ...env,
    },
    seconds: 60,
  });

const changed = (address: string) => ({
  address,
  action: "update",
  reason: null,
  moved_from: null,
  imported: null,
  attributes: [{ path: "delay_seconds", before: "0", after: "5" }],
});

const plan = (...addresses: ReadonlyArray<string>): void =>
  writeFileSync(
    join(folder, "plan.json"),
    JSON.stringify({
      environment: "dev",
      plan: "dev.tfplan",
      link: "https://hcp.example/run-1",
      applicable: true,
      source: "json",
      review: {
        counts: { create: 0, update: 1, replace: 0, delete: 0, forget: 0, move: 0, import: 0 },
        resources: addresses.map(changed),
        outputs: [],
        drift: [],
      },
    }),
  );

const drifted = (file: string, ...addresses: ReadonlyArray<string>): void =>
  writeFileSync(
    join(folder, file),
    JSON.stringify({
      environment: "dev",
      link: "https://hcp.example/run-1",
      drifted: addresses.map(changed),
      known: [],
      outdated: [],
    }),
  );

jest.setTimeout(60_000);
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.reset();
  folder = mkdtempSync(join(tmpdir(), "github-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("comment", () => {
  const comment = (commit: string) => github(["comment", "7", "dev", "--commit", commit]);

  it("is written once and then brought up to date, below any number of others", async () => {
    for (let id = 1; id <= 130; id += 1)
      server.comments.push({ id, on: 7, author: "User", body: "a remark" });
    plan("aws_sqs_queue.a");
    expect(await comment("c1")).toEqual({
      code: 0,
      stdout: `https://github.example/${REPOSITORY}/pull/7#issuecomment-131\n`,
      stderr: "",
    });
    plan("aws_sqs_queue.b");
    await comment("c2");
    expect(server.comments).toHaveLength(131);
    expect(server.comments.at(-1)?.body).toBe(
      [
        "<!-- orders-platform: plan of dev -->",
        "### Plan of dev",
        "",
        "```",
        "1 to update",
        "  update   aws_sqs_queue.b",
        "             delay_seconds: 0 → 5",
        "```",
        "",
        "Of c2: [the run](https://hcp.example/run-1).",
        "",
      ].join("\n"),
    );
  });

  it("does not overwrite another's: not a person's with the mark, not one of the same author without", async () => {
    const others = [
      { id: 1, on: 7, author: "User", body: `${markOf("plan of dev")} mine` },
      { id: 2, on: 7, author: "Bot", body: "from another workflow" },
      { id: 3, on: 8, author: "Bot", body: `${markOf("plan of dev")} of another pull request` },
      { id: 4, on: 7, author: "Bot", body: `${markOf("plan of qa")} of another environment` },
    ] as const;
    server.comments.push(...others.map((one) => ({ ...one })));
    plan("aws_sqs_queue.a");
    await comment("c1");
    expect(server.comments.slice(0, 4)).toEqual(others);
    expect(server.comments).toHaveLength(5);
  });

  it("does not leave an older plan standing where the new one failed", async () => {
    plan("aws_sqs_queue.a");
    await comment("c1");
    rmSync(join(folder, "plan.json"));
    await comment("c2");
    expect(server.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(
        /^<!-- .* -->\n### Plan of dev failed\n\nOf c2: \[.*\]\(https:\/\/github\.example\/.*\/runs\/99\)/,
      ),
    ]);
  });
});

describe("drift", () => {
  const drift = () => github(["drift", "dev", "prod", "--reports", "."]);
  const clean = (): void => ["dev.json", "prod.json"].forEach((file) => drifted(file));

  it("opens one issue, brings it up to date, closes it, and opens another for what comes later", async () => {
    clean();
    expect(await drift()).toMatchObject({ code: 0, stdout: "nothing drifts\n" });
    expect(server.issues).toEqual([]);
    drifted("prod.json", "aws_sqs_queue.a");
    expect((await drift()).stdout).toMatch(/^opened .*\/issues\/1\n$/);
    drifted("prod.json", "aws_sqs_queue.b");
    expect((await drift()).stdout).toMatch(/^updated .*\/issues\/1\n$/);
    expect(server.issues).toEqual([
      expect.objectContaining({ state: "open", title: "What exists is not what was applied" }),
    ]);
    expect(server.issues[0]?.body).toMatch(
      /### prod\n\n```\n {2}update {3}aws_sqs_queue\.b\n +delay_seconds: 0 → 5\n```/,
    );
    expect(server.issues[0]?.body).not.toMatch(/### dev|queue\.a/);
    clean();
    expect((await drift()).stdout).toMatch(/^closed .*\/issues\/1\n$/);
    expect(server.issues[0]?.state).toBe("closed");
    drifted("dev.json", "aws_sqs_queue.a");
    expect((await drift()).stdout).toMatch(/^opened .*\/issues\/2\n$/);
  });

  it("takes an environment that could not be checked for no clean one", async () => {
    drifted("dev.json");
    await drift();
    expect(server.issues[0]?.body).toContain("### prod\n\nCould not be checked.");
    await drift();
    expect(server.issues).toEqual([expect.objectContaining({ state: "open" })]);
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
    drifted("dev.json", "aws_sqs_queue.a");
    drifted("prod.json");
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

  it("are refused where nobody is, or where GitHub would make the environment anew", async () => {
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
  beforeEach(() => plan("aws_sqs_queue.a"));
  const comment = (env: NodeJS.ProcessEnv = {}) => github(["comment", "7", "dev", "--commit", "c1"], { env });

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
      stderr: "github: cannot comment on #7: GitHub answered 502: not now\n",
    });
    expect(server.asked).toEqual([READ, WRITE]);
  });

  it.each<[string, NodeJS.ProcessEnv, number, RegExp]>([
    ["no token", { GITHUB_TOKEN: "" }, 2, /^github: GITHUB_TOKEN is not set/],
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
    [["comment", "7", "dev"]],
    [["drift"]],
    [["approvals"]],
    [["tag"]],
    [["tag", "--no-such"]],
  ])("is wrong use: %j", async (args) => {
    expect(await github(args)).toMatchObject({ code: 2, stdout: "" });
    expect(server.asked).toEqual([]);
  });

  it("is a report that is none", async () => {
    writeFileSync(join(folder, "plan.json"), readFileSync(join(folder, "plan.json"), "utf8").slice(0, 20));
    expect(await comment()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("plan.json: expected"),
    });
  });
});

describe("lines shown as they are", () => {
  it("cannot end their block", () => {
    expect(block(["a", "````", "# b"])).toBe("`````\na\n````\n# b\n`````");
  });
  it("are cut where GitHub would refuse them, and say how many more there are", () => {
    const shown = block(Array.from({ length: 5_000 }, () => "x".repeat(99)));
    expect(shown.length).toBeLessThan(65_536);
    expect(shown).toContain("… and 4400 more");
  });
});
