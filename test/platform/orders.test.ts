import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

const { bin, scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  bin: { orders: string };
  scripts: Record<string, string>;
};

/** As npx runs it: with the Node of the machine, which package.json lets be one that cannot strip types. */
const orders = (args: ReadonlyArray<string>, cwd?: string) =>
  run(
    process.execPath,
    ["--no-experimental-strip-types", resolve(bin.orders), ...args],
    cwd === undefined ? {} : { cwd },
  );

it.each([[[]], [["--help"]]])("orders %j lists every command in its group, on one screen", async (args) => {
  const { code, stdout, stderr } = await orders(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.match(/^\w+:$/gm)).toEqual(["Run:", "Orders:", "Deploy:", "Operate:", "Develop:"]);
  expect([...stdout.matchAll(/^ {2}([a-z][\w:-]*)/gm)].map(([, name]) => name).sort()).toEqual(
    [...Object.keys(scripts), "completion"].sort(),
  );
  expect(stdout.split("\n").length).toBeLessThanOrEqual(60);
});

it("says what was probably meant", async () => {
  expect(await orders(["deplyo", "plan"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "orders: unknown command 'deplyo' (Did you mean deploy?); see npx orders --help\n",
  });
});

it("runs a command with its options, from any folder, and ends as it does", async () => {
  const cwd = temporaryFolder("orders");
  expect(await orders(["deploy", "plan", "--help"], cwd)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Usage: npm run deploy -- plan"),
  });
  expect(await orders(["submit", "my-orders.json"], cwd)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(resolve(cwd, "my-orders.json")),
  });
});

it("completes commands and environments", async () => {
  const { stdout } = await orders(["completion", "bash"]);
  const completed = async (place: number, word: string) =>
    (
      await run("bash", [
        "-c",
        `${stdout}\nCOMP_CWORD=${place}; _orders orders ${word}; echo "\${COMPREPLY[@]}"`,
      ])
    ).stdout;
  expect(await completed(1, "de")).toBe("deploy\n");
  expect(await completed(2, "st")).toBe("staging\n");
  expect(await orders(["completion", "tcsh"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("bash, zsh, fish"),
  });
});
