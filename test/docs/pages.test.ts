import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { npmCommandsIn, scripts, unknownIn } from "../support/npm-command";

/** What the pages promise: that their links lead somewhere, and what they tell to type can be typed anywhere. */

const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((page) => page !== "" && existsSync(page));

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): ReadonlyArray<string> =>
  [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );

const brokenLinks = (page: string): ReadonlyArray<string> =>
  [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
    if (/^https?:/.test(target)) return [];
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    if (!existsSync(file)) return [target];
    return anchor === undefined || anchorsOf(file).includes(anchor) ? [] : [target];
  });

const shellOf = (page: string): string =>
  [...readFileSync(page, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block).join("\n");

describe.each(pages)("%s", (page) => {
  it("links to what is there", () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it("names commands and options that there are", () => {
    // A name in capitals stands for any.
    const named = npmCommandsIn(readFileSync(page, "utf8")).filter(({ script }) => !/[A-Z]/.test(script));
    expect(named.flatMap(unknownIn)).toEqual([]);
  });

  it("has no command that only GNU's tools take", () => {
    const gnu = /\bsed\b[^\n]*\\b|\bsed -i (?!'')|\bdate -d\b|\breadlink -f\b|\bgrep -P\b|\bcp --\w+/;
    expect(gnu.exec(shellOf(page))).toBeNull();
  });
});

it("docs/commands.md has every script, once", () => {
  const told = [...readFileSync("docs/commands.md", "utf8").matchAll(/^\| `npm (?:run )?([\w:-]+)`/gm)].map(
    ([, name = ""]) => name,
  );
  expect([...told].sort()).toEqual(Object.keys(scripts).sort());
});

it("README.md has the two commands that do everything", () => {
  const blocks = [...readFileSync("README.md", "utf8").matchAll(/```sh\n([\s\S]*?)\n```/g)].map(
    ([, block]) => block,
  );
  expect(blocks).toEqual(expect.arrayContaining(["npm ci && npm start", "npm ci && npm test"]));
});
