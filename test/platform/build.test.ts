import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Checkout, checkoutIn } from "../support/checkout";
import { temporaryFolder } from "../support/temporary-folder";

let checkout: Checkout;
const path = (file: string): string => join(checkout.folder, file);

beforeAll(() => {
  checkout = checkoutIn(join(temporaryFolder("build"), "clone"));
  checkout.build();
});

const PROGRAMS = ["dist/submit.js", "dist/deploy.js", "dist/functions/query-orders.zip"] as const;

/** Which of these a build writes again: what is written again is another file. */
const builtAgain = (change: () => void): ReadonlyArray<string> => {
  const files = (): ReadonlyArray<bigint | undefined> =>
    PROGRAMS.map((file) => statSync(path(file), { bigint: true, throwIfNoEntry: false })?.mtimeNs);
  const before = files();
  change();
  checkout.build();
  const after = files();
  return PROGRAMS.filter((_, index) => after[index] !== before[index]);
};

describe("a build", () => {
  it("writes nothing where nothing has changed", () => {
    expect(builtAgain(() => undefined)).toEqual([]);
  });

  it("writes again what a changed file is part of, and nothing else", () => {
    expect(builtAgain(() => appendFileSync(path("cli/submit.ts"), "\nconsole.log('changed');\n"))).toEqual([
      "dist/submit.js",
    ]);
    expect(readFileSync(path("dist/submit.js"), "utf8")).toContain("changed");
  });

  it("writes again everything that a shared file is part of", () => {
    expect(
      builtAgain(() => appendFileSync(path("lib/text.ts"), "\nexport const added = Date.now();\n")),
    ).toContain("dist/deploy.js");
  });

  it("replaces what was deleted or damaged", () => {
    expect(builtAgain(() => rmSync(path("dist/submit.js")))).toEqual(["dist/submit.js"]);
    expect(builtAgain(() => writeFileSync(path("dist/deploy.js"), "damaged"))).toEqual(["dist/deploy.js"]);
    expect(builtAgain(() => writeFileSync(path("dist/functions/query-orders.zip"), "damaged"))).toEqual([
      "dist/functions/query-orders.zip",
    ]);
  });

  it("does not take for built what was built under other packages", () => {
    expect(builtAgain(() => appendFileSync(path("package-lock.json"), "\n"))).toEqual([
      "dist/submit.js",
      "dist/deploy.js",
    ]);
  });
});

describe("a stub whose package has changed", () => {
  const withStubs = (from: string, to: string): string => {
    const table = path("cli/build/stubs.mts");
    const before = readFileSync(table, "utf8");
    writeFileSync(table, before.replace(from, to));
    const { status, stderr } = spawnSync(process.execPath, ["cli/build.mts", "--quiet"], {
      cwd: checkout.folder,
      encoding: "utf8",
    });
    writeFileSync(table, before);
    return `${status ?? ""} ${stderr}`;
  };

  it("fails the build by name where its file was moved", () => {
    expect(withStubs("checksum/md5/Md5Js.js", "md5/Md5Js.js")).toMatch(
      /@smithy\/core has no dist-es\/submodules\/md5\/Md5Js\.js any more: let its stub md5-js\.ts stand for what has taken its place, in cli\/build\/stubs\.mts\n/,
    );
  });

  it("fails the build by name where nothing loads its file any more", () => {
    expect(withStubs("pino/lib/multistream.js", "pino/lib/worker.js")).toMatch(
      /no function loads pino\/lib\/worker\.js any more: take it out of cli\/build\/stubs\.mts/,
    );
  });

  it("fails the build by name where more is asked of the file than the stub has", () => {
    writeFileSync(path("cli/build/stubs/md5-js.ts"), "export const Md5 = undefined;\n");
    expect(withStubs("", "")).toMatch(/No matching export in .*Md5Js\.js" for import "Md5Js"/);
  });
});
