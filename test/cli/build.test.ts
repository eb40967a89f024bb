import { appendFileSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
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

/** Which of these a build writes again, made to look an hour old before. */
const builtAgain = (change: () => void): ReadonlyArray<string> => {
  const old = new Date(Date.now() - 3_600_000);
  checkout.build();
  for (const file of PROGRAMS) utimesSync(path(file), old, old);
  // An older file is a changed one: this build is what is compared with.
  checkout.build();
  const before = PROGRAMS.map((file) => statSync(path(file)).mtimeMs);
  change();
  checkout.build();
  return PROGRAMS.filter((file, index) => statSync(path(file)).mtimeMs !== before[index]);
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
